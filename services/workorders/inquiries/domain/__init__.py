"""The rules of inquiries. Pure."""
