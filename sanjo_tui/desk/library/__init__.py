"""図書館窓口 through the one door."""
