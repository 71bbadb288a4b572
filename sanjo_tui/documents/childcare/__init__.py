"""Papers of 子育て支援カード."""
