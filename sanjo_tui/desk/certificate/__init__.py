"""罹災証明受付 through the one door."""
