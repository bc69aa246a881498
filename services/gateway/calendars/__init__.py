"""Calendar feeds (RFC 5545): what has times, by a secret address a person."""
