"""罹災証明: the application of a household for a house, from 相談 to 交付, and what follows it."""
