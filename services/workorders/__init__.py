"""Repairs and complaints, from submitted to rated."""
