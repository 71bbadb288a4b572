"""Tables the program needs in production; README.md has their origin and licence."""
