"""Canned answers: words that staff keep ready, by what they are for, category and state."""
