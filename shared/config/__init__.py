"""What may be set from outside: `WUYE_*`, typed and checked before anything starts."""
