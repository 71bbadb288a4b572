"""The papers of 利用者ID発行."""
