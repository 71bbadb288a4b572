"""Papers of 図書館窓口."""
