"""Envelopes: sealed, read in the fixed order, held or quarantined with the right reason."""

import random
from dataclasses import replace
from typing import Any

import pytest
import zstandard

from app.domain.errors import KimError
from sync.encoding import wire
from sync.encoding.compression import compress
from sync.encoding.signing import SUITE, sha256
from sync.envelope import (
    Envelope,
    Header,
    Seen,
    Stream,
    header_row,
    read_header,
    verify_envelope,
    verify_signed_header,
)
from sync.errors import (
    HeldError,
    LacksGrantError,
    LacksProgramError,
    LacksRosterError,
    QuarantinedError,
    SenderSuspendedError,
    WrongCommitmentError,
    WrongContentError,
    WrongDistrictError,
    WrongDotError,
    WrongSenderError,
    WrongSignatureError,
    WrongSizeError,
    WrongVersionError,
)
from sync.layout import pack_changes
from sync.roster import Accepted, DeviceState, Roster, first_roster
from sync.sending import sealing
from sync.sending.sealing import (
    OpenedEnvelope,
    changes_root,
    leaf_hash,
    open_envelope,
    seal_envelope,
)
from tests.support.ports import SINA, SeededEntropy
from tests.support.wire import (
    ANNAS,
    BENS,
    EXPIRES,
    SESSION,
    Writer,
    anna_sends,
    key_of,
    public_of,
    roster_chain,
)
from tests.support.wire_changes import new_case, small_edits

SENDER = anna_sends()
ROSTER = SENDER.roster
KEY = SENDER.channel.key
CHANGES = small_edits(Writer(ROSTER, ANNAS), 20)
ENVELOPE = SENDER.read(CHANGES)


def opened(data: bytes, key: bytes | None = KEY, roster: Roster = ROSTER) -> OpenedEnvelope:
    return open_envelope(read_header(data), key, roster)


def resealed(
    envelope: Envelope = ENVELOPE, ciphertext: bytes | None = None, signer: str = "anna", **changes: Any
) -> bytes:
    """An envelope with other header fields or ciphertext, properly signed again."""
    body = envelope.ciphertext if ciphertext is None else ciphertext
    header = replace(envelope.header, **{"body_hash": sha256(body), **changes})
    signature = key_of(signer).sign(b"kim-mobil/envelope/1" + header.content)
    return wire.encode([header_row(header), body, signature])


def with_body(padded: bytes, header: Header = ENVELOPE.header) -> bytes:
    """An envelope of a sender gone bad, who seals whatever it likes."""
    place = (
        header.salt16
        + header.device.to_bytes(4, "big")
        + header.session.to_bytes(8, "big")
        + header.n.to_bytes(8, "big")
    )
    return resealed(ciphertext=SUITE.seal(SUITE.derive(KEY, place, 32), padded, header.aad))


def test_open_gives_the_changes_in_their_order() -> None:
    assert opened(ENVELOPE.data) == OpenedEnvelope(
        tuple(CHANGES), ENVELOPE.header, sha256(ENVELOPE.data), opened(ENVELOPE.data).salts
    )


def test_twenty_small_changes_are_within_the_budget() -> None:
    assert len(ENVELOPE.data) <= 1500


def test_outreach_day_is_near_its_floor() -> None:
    writer, rng = Writer(ROSTER, ANNAS), random.Random(3)
    changes = [change for _ in range(20) for change in new_case(writer, rng)] + small_edits(writer, 15)
    floor = zstandard.ZstdCompressor(level=19).compress(b"".join(change.value for change in changes))
    assert len(SENDER.seal(changes)) <= 1.35 * len(floor)


def test_envelope_of_one_change_costs_little() -> None:
    assert len(SENDER.seal(CHANGES[:1])) <= 600


def test_header_stands_in_the_named_order() -> None:
    header = ENVELOPE.header
    names = (
        *("v", "suite", "district", "device", "channel", "epoch", "session", "n", "prev_hash"),
        *("roster_version", "key_commitment", "salt16", "seen", "body_hash", "changes_root"),
    )
    row = wire.decode_strict(ENVELOPE.data, limit=wire.ENVELOPE_LIMIT)[0]
    assert row == [getattr(header, name) if name != "seen" else [] for name in names]


def test_seen_heads_travel_and_are_at_most_four() -> None:
    heads = [Seen(Stream(BENS, number, b"channel!"), 3, bytes([number]) * 32) for number in range(5)]
    data = seal_envelope(
        CHANGES,
        place=SENDER.place,
        channel_key=KEY,
        roster=ROSTER,
        sign=key_of("anna").sign,
        entropy=SeededEntropy(1),
        seen=heads,
    )
    assert read_header(data).header.seen == tuple(heads[:4])


def test_leaves_prove_each_change_after_the_ciphertext_has_gone() -> None:
    found = opened(ENVELOPE.data)
    leaves = [leaf_hash(change, salt) for change, salt in zip(found.changes, found.salts, strict=True)]
    assert sha256(sealing.ROOT_TAG + b"".join(leaves)) == found.header.changes_root
    assert verify_signed_header(found.header, ENVELOPE.signature, ROSTER) == ROSTER.device(ANNAS)
    assert len(set(found.salts)) == len(CHANGES)


def test_seal_same_changes_twice_gives_other_bytes() -> None:
    other = replace(SENDER, n=2, prev_hash=ENVELOPE.hash).read(CHANGES)
    assert other.header.salt16 != ENVELOPE.header.salt16
    assert other.ciphertext != ENVELOPE.ciphertext


def test_flipped_bit_anywhere_is_noticed() -> None:
    for at in range(len(ENVELOPE.data)):
        data = bytearray(ENVELOPE.data)
        data[at] ^= 1 << (at % 8)
        with pytest.raises((QuarantinedError, HeldError)):
            opened(bytes(data))


def test_cut_anywhere_is_noticed() -> None:
    for length in range(0, len(ENVELOPE.data), 7):
        with pytest.raises(QuarantinedError):
            opened(ENVELOPE.data[:length])


def test_random_bytes_raise_only_known_errors() -> None:
    rng = random.Random(11)
    for _ in range(500):
        data = bytearray(ENVELOPE.data)
        for _ in range(rng.randrange(1, 5)):
            start = rng.randrange(len(data))
            data[start : start + rng.randrange(4)] = rng.randbytes(rng.randrange(4))
        if bytes(data) != ENVELOPE.data:
            with pytest.raises(KimError):
                opened(bytes(data))


def test_without_a_key_it_is_held() -> None:
    with pytest.raises(LacksGrantError):
        opened(ENVELOPE.data, key=None)


def test_unknown_device_is_wrong_or_held_by_the_roster_it_names() -> None:
    early = roster_chain()[0]
    with pytest.raises(LacksRosterError):
        opened(ENVELOPE.data, roster=early)
    with pytest.raises(WrongSenderError):
        opened(resealed(device=9))


def test_newer_program_is_held() -> None:
    with pytest.raises(LacksProgramError):
        read_header(resealed(v=2))
    with pytest.raises(LacksProgramError):
        read_header(resealed(suite=2))


def test_older_version_or_suite_than_the_roster_accepts_is_wrong() -> None:
    for changes in ({"lowest_version": 2}, {"lowest_suite": 2}):
        with pytest.raises(WrongVersionError):
            opened(ENVELOPE.data, roster=replace(ROSTER, **changes))  # type: ignore[arg-type]  # names are Roster's own


def test_other_district_is_wrong() -> None:
    elsewhere = first_roster("OEK", "Olpe", EXPIRES, SINA, public_of("sina"))
    with pytest.raises(WrongDistrictError):
        opened(ENVELOPE.data, roster=elsewhere)


def test_signature_of_another_device_is_wrong() -> None:
    with pytest.raises(WrongSignatureError):
        opened(resealed(signer="ben"))


def test_other_ciphertext_under_the_header_is_wrong() -> None:
    data = wire.encode([header_row(ENVELOPE.header), ENVELOPE.ciphertext + b"x", ENVELOPE.signature])
    with pytest.raises(WrongContentError) as caught:
        opened(data)
    assert caught.value.reason == "body_hash"


def test_other_key_than_committed_is_wrong() -> None:
    with pytest.raises(WrongCommitmentError):
        opened(ENVELOPE.data, key=bytes(32))


@pytest.mark.parametrize(
    "change", [{"epoch": 9}, {"n": 9}, {"session": 9}, {"salt16": bytes(16)}, {"roster_version": 3}]
)
def test_header_is_bound_to_the_ciphertext(change: dict[str, Any]) -> None:
    with pytest.raises(WrongContentError) as caught:
        opened(resealed(**{"prev_hash": bytes(32), **change}))
    assert caught.value.reason == "ciphertext"


def test_too_large_is_refused_before_anything_is_read() -> None:
    with pytest.raises(WrongSizeError):
        read_header(bytes(wire.ENVELOPE_LIMIT + 1))


def frame(body: bytes, **more: Any) -> bytes:
    return zstandard.ZstdCompressor(**more).compress(body)


GOOD_BODY = wire.encode(pack_changes(CHANGES, ANNAS, SESSION, ROSTER))


@pytest.mark.parametrize(
    ("padded", "reason"),
    [
        (frame(bytes(wire.BODY_LIMIT + 1)), "inflated"),
        (zstandard.ZstdCompressor(write_content_size=False).compress(GOOD_BODY), "inflated"),
        (frame(GOOD_BODY) + frame(GOOD_BODY), "behind_frame"),
        (frame(GOOD_BODY) + b"\0\0\1", "behind_frame"),
        (b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + frame(GOOD_BODY), "frame"),
        (frame(GOOD_BODY)[:-1], "frame"),
        (
            frame(bytes(3 << 20), compression_params=zstandard.ZstdCompressionParameters(window_log=22)),
            "window",
        ),
        (b"", "frame"),
        (bytes(100), "frame"),
        (GOOD_BODY, "frame"),
    ],
)
def test_compression_in_another_form_is_wrong(padded: bytes, reason: str) -> None:
    with pytest.raises(WrongContentError) as caught:
        opened(with_body(padded))
    assert caught.value.reason == reason


def test_body_of_other_changes_than_the_root_names_is_wrong() -> None:
    with pytest.raises(WrongContentError) as caught:
        opened(with_body(compress(wire.encode(pack_changes(CHANGES[:3], ANNAS, SESSION, ROSTER)))))
    assert caught.value.reason == "changes_root"


def test_dot_of_another_device_is_wrong() -> None:
    body = pack_changes(CHANGES[:1], ANNAS, SESSION, ROSTER)
    body[0], body[4] = [*body[0], [BENS, 5]], [len(body[0]) + 1, 0, 1]
    with pytest.raises(WrongDotError):
        opened(with_body(compress(wire.encode(body))))


def test_body_that_is_not_canonical_is_wrong() -> None:
    with pytest.raises(QuarantinedError) as caught:
        opened(with_body(compress(b"\x98\x0a" + GOOD_BODY[1:])))
    assert (caught.value.error_id, caught.value.reason) == ("wrong_structure", "not_canonical")


def suspended(*accepted: Accepted) -> Roster:
    anna = replace(ROSTER.devices[ANNAS], state=DeviceState.SUSPENDED, accepted=accepted)
    return replace(
        ROSTER, devices=tuple(anna if device.index == ANNAS else device for device in ROSTER.devices)
    )


def test_suspended_device_only_what_was_accepted_counts() -> None:
    second = SENDER.after(ENVELOPE).read(CHANGES)
    third = SENDER.after(ENVELOPE).after(second).read(CHANGES)
    last = Accepted(SESSION, SENDER.channel.id, 2, second.hash)
    roster = suspended(last)
    assert verify_envelope(ENVELOPE, roster, vouched=True).index == ANNAS
    assert verify_envelope(second, roster).index == ANNAS
    for envelope, other in (
        (ENVELOPE, roster),
        (third, roster),
        (second, suspended()),
        (second, suspended(replace(last, hash=bytes(32)))),
    ):
        with pytest.raises(SenderSuspendedError):
            verify_envelope(envelope, other)


def test_changes_root_depends_on_order_and_key() -> None:
    salts = sealing.leaf_salts(SUITE, KEY, bytes(16), 2)
    roots = {
        changes_root(CHANGES[:2], salts),
        changes_root(CHANGES[1::-1], salts),
        changes_root(CHANGES[:2], sealing.leaf_salts(SUITE, bytes(32), bytes(16), 2)),
    }
    assert len(roots) == 3


def malformed(place: int, value: object) -> bytes:
    row = header_row(ENVELOPE.header)
    row[place] = value
    return wire.encode([row, ENVELOPE.ciphertext, ENVELOPE.signature])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 0),
        (2, b""),
        (3, -1),
        (4, b"short"),
        (6, -1),
        (7, 0),
        (8, b"x"),
        (9, 0),
        (12, [1]),
        (12, [[]] * 5),
        (14, b""),
    ],
)
def test_header_malformed_is_wrong(place: int, value: object) -> None:
    with pytest.raises(QuarantinedError) as caught:
        read_header(malformed(place, value))
    assert caught.value.error_id == "wrong_structure"


def test_second_envelope_names_the_one_before() -> None:
    with pytest.raises(QuarantinedError) as caught:
        read_header(resealed(n=2, prev_hash=b""))
    assert caught.value.reason == "prev_hash"


def test_seal_refuses_dots_of_another_device() -> None:
    anna = replace(ROSTER.devices[ANNAS], public_key=public_of("another key"))
    devices = tuple(anna if device.index == ANNAS else device for device in ROSTER.devices)
    with pytest.raises(WrongDotError):
        replace(SENDER, roster=replace(ROSTER, devices=devices)).seal(CHANGES)
