"""Inquiries as people read them."""
