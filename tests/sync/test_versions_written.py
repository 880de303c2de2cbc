"""A version or suite is written only when every recipient's signed prekey says it reads it."""

from dataclasses import replace
from datetime import UTC, datetime

from sync.encoding import wire
from sync.encoding.signing import Kind, sign_kind
from sync.sending.dispatch import Dispatch
from sync.signed.prekey import Prekey, Reads, read_prekey
from sync.workplace import Workplace
from tests.support.district import District, open_case, stored


def say(sender: Workplace, listener: Workplace, reads: Reads) -> None:
    """Let a device's newest prekey, as `listener` knows it, say what its program reads."""
    (signed,) = stored(sender, "SELECT signed FROM own_prekey ORDER BY made_ms DESC LIMIT 1")[0]
    prekey: Prekey = replace(read_prekey(bytes(signed)), reads=reads)
    signature = sign_kind(sender._engine.sign, Kind.PREKEY, prekey.content)
    fields, _old = wire.decode_strict(bytes(signed), limit=wire.PREKEY_LIMIT)
    fields[-1] = [reads.version, list(reads.suites)]
    made_ms = int(datetime.now(UTC).timestamp() * 1000)
    with listener._engine.office.transaction() as post:
        device = sender._engine.index
        known = post.keys.newest_prekey(device)
        assert known is not None
        row = replace(known, signed=wire.encode([fields, signature]), made_ms=made_ms, id=bytes(8))
        assert post.keys.put_prekey(row)


def test_what_a_device_cannot_read_waits_until_it_says_that_it_can(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    say(sina, anna, Reads(suites=(9,)))
    open_case(anna)
    assert Dispatch(anna._engine).seal() == 0
    assert anna.status().delivery.waiting > 0
    (signed,) = stored(sina, "SELECT signed FROM own_prekey ORDER BY made_ms DESC LIMIT 1")[0]
    with anna._engine.office.transaction() as post:
        known = post.keys.newest_prekey(sina._engine.index)
        assert known is not None
        post.keys.put_prekey(replace(known, signed=bytes(signed), id=b"brought!"))
    assert Dispatch(anna._engine).seal() > 0
