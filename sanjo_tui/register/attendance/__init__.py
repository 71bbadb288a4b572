"""Staff of the municipality, loaded from a folder."""
