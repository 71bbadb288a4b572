"""The receptions of a station: append-only events and what is derived from them."""
