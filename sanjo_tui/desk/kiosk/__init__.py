"""証明書交付 through the one door."""
