"""Suggestions, questions and praise: their list, one with its answer, and their deadlines."""
