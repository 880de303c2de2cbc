"""The same items in every order: what a device comes to must not depend on it."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path

from app.services.mailbox import ParcelKind
from sync import compose
from sync.workplace import Workplace
from tests.support.district import PASSPHRASE, District, stored
from tests.support.parcels import Items, hand_over, sealed_items


def fresh(sender: Workplace, recipient: Workplace, before: Items) -> Items:
    """The grants that a sender has for a recipient, and the envelopes that were not there before."""
    found = sealed_items(sender, recipient)
    return [item for item in found if item not in before or item[0] is ParcelKind.GRANT]


def shown(place: Workplace) -> tuple[object, ...]:
    """All that could differ: what is held, what counts, what waits."""
    return (
        stored(
            place, "SELECT type, register, value FROM change WHERE type <> 'OrderReceipt' ORDER BY 1, 2, 3"
        ),
        stored(place, "SELECT kind, hex(id) FROM standing_order ORDER BY 1, 2"),
        stored(place, "SELECT what, count(*) FROM order_target GROUP BY what ORDER BY what"),
        stored(place, "SELECT count(*) FROM parcel"),
        stored(place, "SELECT count(*) FROM head"),
        stored(place, "SELECT text FROM search_text ORDER BY text"),
    )


def outcomes(district: District, groups: list[Items], folder: Path) -> set[str]:
    """What ben's computer comes to, for every order in which the groups arrive."""
    ben, found = district.people["ben"], set()
    ben.lock()
    for number, order in enumerate(permutations(groups)):
        home = folder / f"ben{number}"
        shutil.copytree(ben.home, home)
        place = compose.unlock(home, PASSPHRASE, clock=ben.clock, entropy=ben.entropy)
        hand_over(place, [item for group in order for item in group])
        found.add(repr(shown(place)))
        place.close()
    return found
