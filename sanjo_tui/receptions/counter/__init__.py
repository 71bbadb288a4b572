"""窓口支援 (書かない窓口): procedures as data, receptions, number tickets (docs/counter.md)."""
