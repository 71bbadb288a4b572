"""The papers of カード申請代行."""
