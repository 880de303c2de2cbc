"""The messages of a round as bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.encoding import wire
from sync.rounds.exchange import (
    Cursor,
    Delivery,
    ExchangeError,
    Gap,
    Kind,
    Listed,
    RoundAnswer,
    RoundRequest,
    Run,
    Status,
    StatusCode,
    decode_answer,
    decode_invitation,
    decode_list,
    decode_request,
    district_path,
    encode_answer,
    encode_invitation,
    encode_list,
    encode_request,
    runs_digest,
)

numbers = st.integers(0, wire.U63)
digests = st.binary(min_size=32, max_size=32)
blobs = st.lists(st.binary(max_size=40), max_size=4).map(tuple)
cursors = st.none() | st.builds(Cursor, numbers, digests)
channels = st.binary(min_size=8, max_size=8)
sessions = st.integers(0, wire.U64)
runs = st.builds(Run, sessions, channels, numbers, numbers, digests)
statuses = st.sampled_from(
    [Status(code) for code in StatusCode if code is not StatusCode.REFUSED]
) | st.builds(Status, st.just(StatusCode.REFUSED), st.text(max_size=20))
requests = st.builds(
    RoundRequest,
    roster_version=numbers,
    cursor=cursors,
    envelopes=blobs,
    grants=blobs,
    acks=blobs,
    prekeys=blobs,
    wanted=st.lists(digests, max_size=4).map(tuple),
    gaps=st.lists(st.builds(Gap, numbers, sessions, channels, numbers, numbers), max_size=3).map(tuple),
    inventory_only=st.booleans(),
    own_inventory=st.booleans(),
    budget=numbers,
)
answers = st.builds(
    RoundAnswer,
    time=numbers,
    own_digest=digests,
    roster_version=numbers,
    cursor=cursors,
    more=st.booleans(),
    statuses=st.lists(statuses, max_size=4).map(tuple),
    rosters=blobs,
    deliveries=st.lists(st.builds(Delivery, numbers, st.sampled_from(Kind), st.binary()), max_size=3).map(
        tuple
    ),
    absent=st.lists(digests, max_size=3).map(tuple),
    inventory=st.lists(st.builds(Listed, numbers, st.sampled_from(Kind), digests, numbers), max_size=3).map(
        tuple
    ),
    own_runs=st.lists(runs, max_size=3).map(tuple),
)


@given(requests)
def test_request_there_and_back(request: RoundRequest) -> None:
    assert decode_request(encode_request(request)) == request


@given(answers)
def test_answer_there_and_back(answer: RoundAnswer) -> None:
    assert decode_answer(encode_answer(answer)) == answer


@given(st.binary(max_size=60))
def test_anything_else_is_an_expected_error(data: bytes) -> None:
    for decode in (decode_request, decode_answer, decode_list, decode_invitation):
        with suppress(ExchangeError):
            decode(data)


def test_round_in_which_nothing_happened_is_small() -> None:
    cursor = Cursor(100_000, bytes(32))
    assert len(encode_request(RoundRequest(12, cursor))) == 50
    assert len(encode_answer(RoundAnswer(1_800_000_000_000, bytes(32), 12, cursor))) == 91


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {0: 1, 99: 1},
        {0: 1, 8: False},
        {0: -1},
        {0: 1, 1: [1, b"short"]},
        {0: 1, 2: [b""] * 17},
        {0: 1, 6: [bytes(31)]},
        {0: 1, 7: [[1, 2, bytes(8), 1]]},
    ],
)
def test_request_out_of_form(fields: dict[int, object]) -> None:
    with pytest.raises(ExchangeError):
        decode_request(wire.encode(fields))


def test_runs_digest_is_of_the_set() -> None:
    one, two = Run(1, bytes(8), 1, 2, bytes(32)), Run(2, bytes(8), 1, 1, bytes(32))
    assert runs_digest((one, two)) == runs_digest((two, one))
    assert len({runs_digest(()), runs_digest((one,)), runs_digest((one, two))}) == 3


def test_lists_and_invitations_there_and_back() -> None:
    assert decode_list(encode_list((b"a", b""))) == (b"a", b"")
    assert decode_invitation(encode_invitation(bytes(32), 5)) == (bytes(32), 5)


def test_district_in_addresses() -> None:
    assert district_path(bytes(32)) == "A" * 43
