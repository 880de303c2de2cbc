"""Bodies and frames, rightly signed, in a form that no program writes: set aside, the rest is taken."""

from __future__ import annotations

import secrets

import pytest
import zstandard

from sync.encoding import wire
from sync.engine import Engine
from sync.sending.sealing import Place, seal_body
from tests.support.bad_items import PARCEL
from tests.support.district import District, case_file, open_case
from tests.support.parcels import give_directly, hand_over
from tests.support.ports import SeededEntropy

BODY = wire.encode([[] for _ in range(10)])
BODIES = {
    "doubled keys": "a201000100",
    "float": "81fb3ff0000000000000",
    "half float": "81f93c00",
    "tag": "81c000",
    "big number by tag": "c249010000000000000000",
    "shared reference": "82d81c80d81d00",
    "nine deep": "81" * 8 + "80",
    "a thousand deep": "81" * 1000 + "80",
    "indefinite": "9fff",
    "longer head than needed": "980a" + "80" * 10,
    "something behind": BODY.hex() + "00",
    "columns missing": "8980" + "80" * 8,
    "nothing": "",
}
RAW = ((300 << 3) | 1).to_bytes(3, "little") + bytes(300)
FRAMES = {
    "no size": zstandard.ZstdCompressor(write_content_size=False).compress(BODY),
    "a second frame": zstandard.ZstdCompressor().compress(BODY) * 2,
    "a window of 128 MiB": b"\x28\xb5\x2f\xfd\x40\x88" + (300 - 256).to_bytes(2, "little") + RAW,
    "gigabytes": zstandard.ZstdCompressor().compress(bytes(1 << 26)),
    "cut": zstandard.ZstdCompressor().compress(BODY)[:-3],
    "no frame": BODY,
}


def sealed(engine: Engine, body: bytes) -> bytes:
    """A body under the key to the keeper, at a place of a stream of its own."""
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({1}))
    assert key is not None
    return seal_body(
        body,
        [],
        place=Place(engine.index, key.channel, key.epoch, secrets.randbits(64), 1, wire.NO_HASH),
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("forger"),
    )


def assert_set_aside(district: District, bad: list[bytes], reason: str) -> None:
    """All are set aside, and a good envelope behind them is taken."""
    anna, sina = district["anna"], district["sina"]
    hand_over(sina, [(PARCEL["envelope"], data) for data in bad])
    told = [(parcel.state, parcel.reason) for parcel in sina.status().parcels]
    assert told == [("quarantined", reason)] * len(bad)
    case = open_case(anna, "dahinter")
    give_directly(anna, sina)
    assert case_file(sina, case).text("concern") == "dahinter"


@pytest.fixture
def anna(district: District) -> Engine:
    """A case manager whose channel to the keeper is open."""
    open_case(district["anna"])
    give_directly(district["anna"], district["sina"])
    return district["anna"]._engine


def test_bodies_in_another_form_are_set_aside(district: District, anna: Engine) -> None:
    bad = [sealed(anna, bytes.fromhex(hexed)) for hexed in BODIES.values()]
    assert_set_aside(district, bad, "wrong_structure")


def test_frames_in_another_form_are_set_aside(
    district: District, anna: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sync.sending.sealing.compress", lambda frame: frame)
        bad = [sealed(anna, frame) for frame in FRAMES.values()]
    assert_set_aside(district, bad, "wrong_content")
