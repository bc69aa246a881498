"""Suggestions, questions and praise: answered by a deadline, never in the lifecycle of orders."""
