"""The incidents of a community."""
