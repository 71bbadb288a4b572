"""カード申請代行 through the one door."""
