"""図書館窓口: 図書番号 at the hall; binding, lending and return at the library (docs/library.md)."""
