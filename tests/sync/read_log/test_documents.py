"""Documents of the read log that are cut, altered, of another form or of a newer program."""

from collections.abc import Callable

import pytest

from app.domain.dots import Dot
from app.domain.schema import REGISTER_LIMIT
from app.security.prekeys import generate_prekey, public_half
from app.services.read_log import ReadNote
from sync.channel import X_WING
from sync.encoding import wire
from sync.errors import LacksProgramError, ReadingError
from sync.read_log.documents import (
    Recipient,
    make_log_key,
    open_notes,
    open_share,
    open_shares,
    read_log_key,
    seal_notes,
    seal_shares,
    secret_of,
)
from sync.read_log.writing import MOST_KEYS
from sync.roster import SAFE
from tests.support.ports import SeededEntropy

DISTRICT = b"\7" * 32
ENTROPY = SeededEntropy("documents")
PRIVATES = {index: generate_prekey(ENTROPY) for index in (SAFE, 0, 1, 2)}
MEMBERS = {SAFE: SAFE, 0: 1, 1: 1, 2: 5}
RECIPIENTS = [
    Recipient(index, MEMBERS[index], b"" if index == SAFE else b"8 bytes.", public_half(private))
    for index, private in PRIVATES.items()
]
DOCUMENT, SECRET = make_log_key(RECIPIENTS, DISTRICT, ENTROPY, X_WING)
NOTE = ReadNote(Dot(1, 2, 3), "MUS-26-00005-X", "read", 1_700_000_000_000)
NOTES = seal_notes([NOTE], SECRET, ENTROPY)
SHARES = {Dot(1, 2, 9): b"\5" * 32}
PASSED_ON = seal_shares(SHARES, b"info", public_half(PRIVATES[0]), ENTROPY, X_WING)
READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "log key": (DOCUMENT, read_log_key),
    "entries": (NOTES, lambda data: open_notes(data, SECRET)),
    "shares": (PASSED_ON, lambda data: open_shares(data, b"info", [PRIVATES[0]], X_WING)),
}


def shares(*indexes: int) -> dict[int, bytes]:
    key = read_log_key(DOCUMENT)
    found = {index: open_share(key, index, PRIVATES[index], DISTRICT, X_WING) for index in indexes}
    return {index: share for index, share in found.items() if share is not None}


@pytest.mark.parametrize("two", [(SAFE, 0), (0, 2), (1, 2), (SAFE, 2)])
def test_any_two_keepers_have_the_secret(two: tuple[int, int]) -> None:
    assert secret_of(read_log_key(DOCUMENT), shares(*two)) == SECRET


@pytest.mark.parametrize("some", [(), (SAFE,), (2,), (0, 1)])
def test_one_keeper_has_not_whatever_the_number_of_computers(some: tuple[int, ...]) -> None:
    assert len(shares(*some)) == len(some)
    assert secret_of(read_log_key(DOCUMENT), shares(*some)) is None


def test_a_share_opens_for_its_keeper_and_district_only() -> None:
    key = read_log_key(DOCUMENT)
    assert open_share(key, 0, PRIVATES[1], DISTRICT, X_WING) is None
    assert open_share(key, 0, PRIVATES[0], b"\1" * 32, X_WING) is None
    assert open_share(key, 9, PRIVATES[0], DISTRICT, X_WING) is None


def test_entries_open_under_their_own_key_only() -> None:
    assert open_notes(NOTES, SECRET) == (NOTE,)
    with pytest.raises(ReadingError):
        open_notes(NOTES, b"\1" * 32)


def test_shares_open_for_their_opening_and_device_only() -> None:
    assert open_shares(PASSED_ON, b"info", [PRIVATES[1], PRIVATES[0]], X_WING) == SHARES
    for info, private in ((b"else", PRIVATES[0]), (b"info", PRIVATES[1])):
        with pytest.raises(ReadingError):
            open_shares(PASSED_ON, info, [private], X_WING)


@pytest.mark.parametrize("kind", READERS)
def test_a_cut_or_longer_document_is_refused(kind: str) -> None:
    data, read = READERS[kind]
    for bad in (b"", data[:1], data[: len(data) // 2], data[:-1], data + b"\0", bytes(64 * 1024)):
        with pytest.raises(ReadingError):
            read(bad)


@pytest.mark.parametrize("kind", ["entries", "shares"])
def test_an_altered_document_is_refused(kind: str) -> None:
    data, read = READERS[kind]
    for at in range(0, len(data), max(1, len(data) // 40)):
        with pytest.raises(ReadingError):
            read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


@pytest.mark.parametrize("kind", READERS)
def test_a_newer_programs_document_waits(kind: str) -> None:
    data, read = READERS[kind]
    row = wire.decode_strict(data, limit=1 << 20)
    for newer in ([2, *row[1:]], [1, 9, *row[2:]]):
        with pytest.raises(LacksProgramError):
            read(wire.encode(newer))


def test_as_many_keeper_keys_as_are_sealed_to_fit_a_register() -> None:
    public = public_half(PRIVATES[0])
    many = [Recipient(index, index, b"8 bytes.", public) for index in range(MOST_KEYS)]
    document, secret = make_log_key(many, DISTRICT, ENTROPY, X_WING)
    assert len(document) < REGISTER_LIMIT - 64
    assert read_log_key(document).boxes.keys() == {(a, b) for a in range(16) for b in range(a + 1, 16)}
    assert len(secret) == 32
