"""カード申請代行: words, rules, events, state, set-up (docs/application.md)."""
