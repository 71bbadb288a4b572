"""Cards, readers and scanners; the only room that knows pyscard."""
