"""子育て支援カード through the one door."""
