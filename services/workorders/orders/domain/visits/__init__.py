"""Visits: when the technician comes, agreed with the resident."""
