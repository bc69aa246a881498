"""Bills: a resident's own, and for who keeps the books what is owed and what was paid."""
