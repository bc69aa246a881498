"""Canned answers: offered in the forms of orders, and kept on a page of their own."""
