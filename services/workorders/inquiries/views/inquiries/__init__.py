"""The inquiries of a community."""
