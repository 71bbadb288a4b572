"""利用者ID発行 through the one door."""
