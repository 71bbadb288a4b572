"""The local copy of the resident register (住基スナップショット): read-only, replaced whole, never edited."""
