"""出退勤受付 through the one door."""
