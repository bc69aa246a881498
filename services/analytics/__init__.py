"""Figures about the work, from events alone: views only, no events of its own."""
