"""A drill of a polling place: made-up voters, by a seed, through the real desk, and sheets of paper counted beside.

Modules:

    crowd.py      who comes, and what is special about each
    rolls.py      the roll of that crowd, as a folder that a town would deliver
    piles.py      papers as they lie on the tables, moved by hands and counted by hand
    clerk.py      a clerk at the desk who obeys every stop, but not always at once
    parts.py      what each kind of voter does
    polling.py    the days of the election from opening to sealing, and what must hold at the end
    trainee.py    cards laid on the built-in reader for somebody who learns, and how it went
"""
