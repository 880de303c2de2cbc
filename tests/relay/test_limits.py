"""What time and quotas do; the service itself on a clock of the test's own."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sync.carriers.request_signer import RequestSigner
from sync.encoding.signing import sha256
from sync.relay.problems import Problem
from sync.relay.service import Service
from sync.relay.settings import DAY_MS, RelaySettings
from sync.relay.signature import Headers, Message
from sync.roster import encode_roster, sign_roster
from sync.rounds.exchange import (
    RoundAnswer,
    RoundRequest,
    StatusCode,
    decode_answer,
    district_path,
    encode_invitation,
    encode_list,
    encode_request,
)
from tests.support.relay_district import KEEPER, MANAGER, RelayDistrict


class Counter:
    """A relay's counter: requests handed to the service as they came over the line."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.now = 1_800_000_000_000
        url = f"sqlite:///{path / 'relay.sqlite'}"
        self.service = Service(replace(RelaySettings(url), **settings), lambda: self.now)
        self.district = RelayDistrict()
        self.name = district_path(self.district.roster.district)
        self.put_rosters()

    def put_rosters(self, device: int = KEEPER, nonce: str | None = None) -> None:
        body = encode_list(map(encode_roster, self.district.rosters))
        self.service.put_rosters(self.name, self.signed(device, "PUT", "roster", body, nonce))

    def signed(self, device: int, method: str, path: str, body: bytes, nonce: str | None = None) -> Message:
        url = f"http://relay.invalid/v1/{self.name}/{path}"
        request = httpx2.Request(method, url, content=body)
        signer = RequestSigner(str(device), self.district.devices[device].key.sign)
        signer.sign(request, body, nonce or self.service.nonce())
        lines = tuple((key.decode().lower(), value.decode()) for key, value in request.headers.raw)
        return Message(method, url, Headers(lines), body)

    def round(self, request: RoundRequest, device: int = MANAGER, nonce: str | None = None) -> RoundAnswer:
        message = self.signed(device, "POST", "round", encode_request(request), nonce)
        return decode_answer(self.service.round(self.name, message))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path, requests_per_minute=5, bytes_per_day=3000)
    with closing(made.service):
        yield made


def reason(caught: pytest.ExceptionInfo[Problem]) -> str:
    return caught.value.reason


def test_nonce_lives_twelve_hours(counter: Counter) -> None:
    first, second = counter.service.nonce(), counter.service.nonce()
    counter.now += DAY_MS // 2
    counter.round(RoundRequest(2), nonce=first)
    counter.now += 1
    with pytest.raises(Problem) as caught:
        counter.round(RoundRequest(2), nonce=second)
    assert reason(caught) == "nonce"


def test_used_nonce_stays_used_after_housekeeping(counter: Counter) -> None:
    nonce = counter.service.nonce()
    counter.round(RoundRequest(2), nonce=nonce)
    counter.now += DAY_MS
    counter.service.housekeep()
    with pytest.raises(Problem) as caught:
        counter.round(RoundRequest(2), nonce=nonce)
    assert reason(caught) == "nonce"


def test_requests_of_a_minute_are_counted_by_device(counter: Counter) -> None:
    for _ in range(5):
        counter.round(RoundRequest(2))
    with pytest.raises(Problem) as caught:
        counter.round(RoundRequest(2))
    assert reason(caught) == "too_many"
    counter.round(RoundRequest(2), KEEPER)
    counter.now += 60_000
    counter.round(RoundRequest(2))


def test_bytes_of_a_day_are_counted(counter: Counter) -> None:
    manager = counter.district.devices[MANAGER]
    manager.open_channel(manager)
    bodies = tuple(manager.seal(secrets.token_hex(250)) for _ in range(5))
    codes = [status.code for status in counter.round(RoundRequest(2, envelopes=bodies)).statuses]
    assert codes == [StatusCode.STORED] * 4 + [StatusCode.REFUSED]
    counter.now += DAY_MS
    codes = [status.code for status in counter.round(RoundRequest(2, envelopes=bodies)).statuses]
    assert codes == [StatusCode.KNOWN] * 4 + [StatusCode.STORED]


def test_bytes_are_deleted_after_ninety_days_and_the_cursor_stays_known(counter: Counter) -> None:
    manager, keeper = counter.district.devices[MANAGER], counter.district.devices[KEEPER]
    manager.open_channel(manager, keeper)
    counter.round(RoundRequest(2, grants=(manager.grant(keeper),), envelopes=(manager.seal(),)))
    answer = counter.round(RoundRequest(2), KEEPER)
    counter.now += 90 * DAY_MS
    assert counter.service.housekeep() == 0
    counter.now += 1
    assert counter.service.housekeep() == 2
    again = counter.round(RoundRequest(2, answer.cursor), KEEPER)
    assert (again.cursor, again.deliveries) == (answer.cursor, ())
    anew = counter.round(RoundRequest(2, inventory_only=True), KEEPER)
    assert (anew.cursor, anew.inventory) == (answer.cursor, ())


def test_bytes_that_all_have_read_stay_for_two_weeks(counter: Counter) -> None:
    manager, keeper = counter.district.devices[MANAGER], counter.district.devices[KEEPER]
    manager.open_channel(manager, keeper)
    counter.round(RoundRequest(2, grants=(manager.grant(keeper),), envelopes=(manager.seal(),)))
    counter.round(RoundRequest(2), KEEPER)
    counter.round(RoundRequest(2, acks=(keeper.ack(manager),)), KEEPER)
    counter.now += 14 * DAY_MS - 1
    assert counter.service.housekeep() == 0
    counter.now += 1
    assert counter.service.housekeep() == 1


def test_invitation_ends(counter: Counter) -> None:
    token, name = secrets.token_bytes(32), secrets.token_bytes(8)
    body = encode_invitation(sha256(token), counter.now + 1000)
    path = f"invitations/{name.hex()}"
    counter.service.deposit_invitation(counter.name, name, counter.signed(KEEPER, "PUT", path, body))
    asked = Message("GET", "", Headers((("kim-token", token.hex()),)), b"")
    counter.service.post_enrolment(counter.name, name, replace(asked, body=b"take me in"))
    counter.now += 1001
    with pytest.raises(Problem) as caught:
        counter.service.invited_rosters(counter.name, name, asked)
    assert reason(caught) == "not_found"
    assert (
        counter.service.enrolments(counter.name, counter.signed(KEEPER, "GET", "enrolments", b"")) == b"\x80"
    )


def test_rosters_that_name_a_stranger_cost_no_disk(counter: Counter, tmp_path: Path) -> None:
    """Not even a nonce is noted as used, whether the relay holds the district or lost it."""
    stranger = counter.district.enrol()
    made_up = replace(counter.district.roster, signatures=())
    counter.district.rosters[-1] = sign_roster(made_up, stranger.index, stranger.key.sign)
    url = f"sqlite:///{tmp_path / 'emptied.sqlite'}"
    emptied = Service(replace(counter.service.settings, database_url=url), lambda: counter.now)
    with closing(counter.service) as filled, closing(emptied):
        for service in (filled, emptied):
            counter.service, nonce = service, service.nonce()
            for _ in range(2):
                with pytest.raises(Problem) as caught:
                    counter.put_rosters(stranger.index, nonce)
                assert reason(caught) == "roster_refused"


def test_new_districts_of_a_day_are_counted(tmp_path: Path) -> None:
    counter = Counter(tmp_path, new_districts_per_day=1)
    with closing(counter.service):
        counter.district = RelayDistrict()
        counter.name = district_path(counter.district.roster.district)
        with pytest.raises(Problem) as caught:
            counter.put_rosters()
        assert reason(caught) == "too_many"
        counter.now += DAY_MS + 1
        counter.put_rosters()
