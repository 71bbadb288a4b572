"""SIP2 v2.00: how the desk talks to a library's system (docs/library.md §5). No title, no item number is kept."""
