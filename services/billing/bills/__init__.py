"""Bills: raised by an acceptance, settled by payments, corrected by compensating events alone."""
