"""Frozen bytes of an exchange with the relay and of the log of reads: still read, still written alike."""

from __future__ import annotations

import json
from typing import Any, Final

from app.domain.dots import Dot
from sync.channel import X_WING
from sync.read_log.documents import (
    open_notes,
    open_share,
    open_shares,
    read_log_key,
    seal_notes,
    secret_of,
    shares_info,
)
from sync.roster import SAFE, decode_roster
from sync.rounds.exchange import (
    StatusCode,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    item_digest,
    runs_digest,
)
from tests.support.ports import SeededEntropy
from tests.support.wire import BENS, KEEPER
from tests.vectors import make
from tests.vectors.travel import NOTES

FROZEN: Final[dict[str, Any]] = json.loads(make.VECTORS.read_text("utf-8"))
LOG: Final[dict[str, Any]] = FROZEN["read_log"]
DISTRICT: Final = decode_roster(bytes.fromhex(FROZEN["rosters"][-1])).district


def private(index: int) -> bytes:
    return bytes.fromhex(LOG["privates"][str(index)])


def test_a_request_is_read_and_written_alike() -> None:
    data = bytes.fromhex(FROZEN["exchange"]["request"])
    request = decode_request(data)
    assert [item.hex() for item in request.envelopes] == FROZEN["envelopes"]
    assert [item.hex() for item in request.acks] == [FROZEN["ack"]]
    assert request.gaps[0].device == BENS
    assert request.inventory_only
    assert request.own_inventory
    assert encode_request(request) == data


def test_an_answer_is_read_and_written_alike() -> None:
    data = bytes.fromhex(FROZEN["exchange"]["answer"])
    answer = decode_answer(data)
    assert answer.own_digest == runs_digest(answer.own_runs)
    assert answer.own_runs[0].head == item_digest(bytes.fromhex(FROZEN["envelopes"][1]))
    assert [status.code for status in answer.statuses] == [
        StatusCode.STORED,
        StatusCode.KNOWN,
        StatusCode.REFUSED,
    ]
    assert (answer.statuses[2].reason, answer.own_items) == ("quota", 4)
    assert encode_answer(answer) == data


def test_two_keepers_of_three_open_the_log_and_one_does_not() -> None:
    key = read_log_key(bytes.fromhex(LOG["key"]))
    shares = {
        index: open_share(key, index, private(index), DISTRICT, X_WING) for index in (SAFE, KEEPER, BENS)
    }
    for one, two in ((SAFE, KEEPER), (SAFE, BENS), (KEEPER, BENS)):
        known = {index: share for index in (one, two) if (share := shares[index]) is not None}
        assert secret_of(key, known) == bytes.fromhex(LOG["secret"])
        assert secret_of(key, {one: known[one]}) is None
    assert open_share(key, SAFE, private(KEEPER), DISTRICT, X_WING) is None


def test_entries_are_read_and_sealed_alike() -> None:
    secret, data = bytes.fromhex(LOG["secret"]), bytes.fromhex(LOG["entries"])
    assert open_notes(data, secret) == NOTES
    assert seal_notes(NOTES, secret, SeededEntropy("vector entries")) == data


def test_shares_that_were_passed_on_open_for_whom_they_were_sealed() -> None:
    opening = Dot.from_bytes(bytes.fromhex(LOG["opening"]))
    info = shares_info(DISTRICT, opening, KEEPER, BENS)
    shares = open_shares(bytes.fromhex(LOG["agreement"]), info, (private(KEEPER), private(BENS)), X_WING)
    record = Dot.from_bytes(bytes.fromhex(LOG["record"]))
    assert shares == {record: bytes.fromhex(LOG["share"])}
