"""利用者ID発行: consent, the number's life, and what a card that is tapped may be used for (docs/userid.md)."""
