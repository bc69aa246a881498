"""Personal text: marked in the type, sealed at rest, forgotten by destroying its person's key."""
