"""The rules of each reception: pure functions over frozen values. No clock, no database, no screen."""
