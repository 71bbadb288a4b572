"""Shelter reception (避難所入退所): words, events, states, rules and counts. Rules: domain/shelters.md §2 to §4."""
