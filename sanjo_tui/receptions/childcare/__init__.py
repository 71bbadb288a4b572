"""子育て支援カード (docs/childcare.md): who may have one, until when, and what can happen to it."""
