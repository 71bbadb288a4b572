"""Shelter reception (避難所入退所): words, events, states, rules and counts. Rules: docs/shelter.md §1 to §4."""
