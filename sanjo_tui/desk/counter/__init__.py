"""窓口受付 through the one door."""
