"""A process that opens case files, gives up and erases every second one, without end, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from sync import compose
from sync.system import SystemClock
from tests.support.backups import PASSPHRASE, quietly
from tests.support.district import open_case
from tests.support.killing import say
from tests.support.ports import SeededEntropy


def main() -> None:
    """Work in the home of the first argument; the second is the seed, and part of every word written."""
    home, seed = Path(sys.argv[1]), sys.argv[2]
    place = compose.unlock(home, PASSPHRASE, clock=SystemClock(), entropy=SeededEntropy(seed))
    place.orders.carry_out()
    number = 0
    while True:
        number += 1
        word = f"Zwetschgen{seed.replace('/', 'x')}y{number}z"
        case = open_case(place, word)
        if number % 2 == 0:
            say("kept", case)
            continue
        place.backups.make(quietly, lambda: False)
        place.orders.give_up([case])
        say("gone", case, word)
        place.orders.carry_out()
        say("erased", case, word)


if __name__ == "__main__":
    main()
