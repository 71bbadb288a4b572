"""選挙人名簿抄本: the electors of one election, delivered like the register and kept beside it (docs/polling.md §2)."""
