"""An erased case file cannot be read any more: not in any page, log, index or backup, on no device."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services import cases
from app.services.ports import Draft
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.audit.vault import database_key
from tests.support.backups import PASSPHRASE, decrypted, decrypted_log, quietly
from tests.support.district import District, Person, add, case_file, edit_case, open_case, stored

WORDS = ("Quittenmarmelade", "Zirbelkiefer", "Wetterleuchten", "Ohrenkneifer", "Haselrute")
KEPT = "Apfelbaumwiese"
NAMES = ("sina", "anna", "ben", "dora", "kora")
INDEX = "SELECT DISTINCT term FROM terms WHERE term LIKE ?"


@pytest.fixture
def five(tmp_path: Path) -> Iterator[District]:
    """Two supervisors, two case managers, a coordinator; anna's backups go to a stick."""
    with District.found(tmp_path / "district") as founded:
        founded.join("anna")
        founded.join("ben")
        founded.join("dora", Role.SUPERVISOR, cleared=True)
        founded.join("kora", Role.COORDINATOR)
        founded.round(*NAMES, *NAMES)
        yield founded


def written(district: District) -> Dot:
    """A case file of anna's with a word in each corner of it; all that may read it have it."""
    anna = district["anna"]
    case = open_case(anna, f"{WORDS[0]} und {WORDS[1]}")
    add(anna, "Contact", case, at=1_700_000_000_000, contact_kind="client", contact_note=WORDS[1])
    edit_case(anna, case, concern=f"{WORDS[2]} statt {WORDS[0]}")
    open_case(anna, KEPT)
    district.round(*NAMES, *NAMES)
    edit_case(anna, case, recognition_word=WORDS[3])
    form = case_file(anna, case)
    cases.keep_draft(anna.session, Draft("draft", form, {"concern": WORDS[4]}))
    return case


def readable(person: Person) -> bytes:
    """Everything that lies in a device's database and log, decrypted, free pages and all."""
    path = next(person.home.glob("*.db"))
    key = database_key(person.home / "vault.kim", PASSPHRASE)
    return decrypted(path, key) + decrypted_log(path.with_name(path.name + "-wal"), key)


def hits(data: bytes, words: tuple[str, ...] = WORDS) -> int:
    """How often the words stand there, as written or as the index folds them."""
    forms = {form for word in words for form in (word, word.lower())}
    encoded = {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le")}
    return sum(data.count(form) for form in encoded)


def terms(place: Workplace) -> int:
    """How many of the words the search index still knows."""
    stored(place, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab (main, search, row)")
    return sum(len(stored(place, INDEX, f"{word.lower()}%")) for word in WORDS)


def erase(district: District, case: Dot) -> bytes:
    order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    district.round(*("sina", *NAMES) * 2, "sina")
    return order


def test_no_trace_of_an_erased_case_file_stays_on_any_device_or_backup(
    five: District, tmp_path: Path
) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    stick.mkdir()
    five["anna"].backups.set_folder(stick)
    case = written(five)
    before = five["anna"].backups.make(quietly, lambda: False)
    shutil.copytree(stick, drawer)
    people = five.people
    holding = [name for name in NAMES if hits(readable(people[name]))]
    assert (holding, terms(five["anna"]) > 0) == (["sina", "anna"], True)
    order = erase(five, case)
    assert {name: hits(readable(people[name])) for name in NAMES} == dict.fromkeys(NAMES, 0)
    assert {name: terms(five[name]) for name in NAMES} == dict.fromkeys(NAMES, 0)
    assert hits(readable(people["anna"]), (KEPT,)) > 0
    seen = next(item for item in five["sina"].orders.overview() if item.id == order)
    assert (seen.confirmed, seen.devices) == (5, 5)
    # Not by its name: within one second the new backup takes the old one's place.
    assert [item.generation > before.generation for item in five["anna"].backups.entries()] == [True]
    bring_back(five, drawer / before.path.name, tmp_path)


def bring_back(district: District, backup: Path, folder: Path) -> None:
    """The copy in the drawer still has the words; once it has taken the orders, it has none."""
    anna = district.people["anna"]
    anna.lock()
    anna.home = folder / "new laptop"
    anna.place = restore(anna.home, backup, PASSPHRASE, clock=anna.clock, entropy=anna.entropy)
    assert hits(readable(anna)) > 0
    anna.place.backups.set_folder(folder / "stick")
    anna.place.backups.agree()
    district.round("anna", *NAMES, "anna", *NAMES, "anna")
    anna.place.orders.carry_out()
    assert (hits(readable(anna)), terms(anna.place)) == (0, 0)
    assert hits(readable(anna), (KEPT,)) > 0
    made = anna.place.backups.make(quietly, lambda: False)
    again = restore(folder / "again", made.path, PASSPHRASE, clock=anna.clock, entropy=anna.entropy)
    again.close()
    assert hits(readable(Person("again", folder / "again", anna.clock, anna.entropy))) == 0
