"""How orders find their technician: the rules, and what they came to."""
