"""A desk without a screen that admits one resident after the other, for the tests that kill it.

`python -m tests.acceptance.admitting HOME ADDRESSEE_NO...` in a drill's home says each number once it is recorded.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sanjo_tui import station
from sanjo_tui.desk import Desk
from sanjo_tui.vault import Vault


def main() -> None:
    """Whoever is protected or has been admitted with the household already is said too: they are recorded."""
    here = station.read(Path(sys.argv[1]))
    desk = Desk.open(here, Vault.open(here.vault).unlock(""))
    for number in sys.argv[2:]:
        look = desk.shelter.look(desk.open_resident(number))
        desk.shelter.admit(look, [number])
        print(number, flush=True)
    desk.close()


if __name__ == "__main__":
    main()
