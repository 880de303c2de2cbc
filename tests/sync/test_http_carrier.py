"""The HTTP carrier against a real relay, through a line that can be slow, cut or silent."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Timer

import httpx2
import pytest
import stamina

from sync.carriers import RoundCancelledError, http
from sync.carriers.http import (
    HttpCarrier,
    LineCutError,
    MemoryNonces,
    RelayRefusedError,
    RelayUnreachableError,
)
from sync.relay.server import RelayServer
from sync.rounds.exchange import ExchangeError, RoundRequest, StatusCode, encode_request
from tests.support.answering import Answering
from tests.support.forks import ForkedRelay
from tests.support.relay_district import KEEPER, MANAGER, RelayDistrict, TalkingDevice
from tests.support.wire_tap import WireTap

DEAD = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    path = tmp_path_factory.mktemp("relay") / "relay.sqlite"
    with ForkedRelay(path, arguments=("--requests-per-minute", "1000000")) as server:
        yield server


@pytest.fixture
def manager(relay: RelayServer) -> TalkingDevice:
    district = RelayDistrict()
    district.open_at(relay.url)
    device = district.devices[MANAGER]
    device.open_channel(device, district.devices[KEEPER])
    return device


@pytest.fixture
def line(relay: RelayServer) -> Iterator[WireTap]:
    with closing(WireTap(relay.url)) as tap:
        yield tap


@pytest.fixture
def carrier(manager: TalkingDevice, line: WireTap) -> Iterator[HttpCarrier]:
    """A carrier that has made its first round already."""
    with closing(manager.carrier(line.url)) as made:
        made.round(RoundRequest(2))
        line.clear()
        yield made


def large(device: TalkingDevice) -> tuple[bytes, ...]:
    """About a quarter of a megabyte in envelopes."""
    return tuple(device.seal(secrets.token_hex(14_000)) for _ in range(16))


def test_usual_round_is_one_exchange_with_small_headers(
    carrier: HttpCarrier, line: WireTap, manager: TalkingDevice
) -> None:
    small = RoundRequest(2, envelopes=(manager.seal(),))
    answer = carrier.round(small)
    assert [status.code for status in answer.statuses] == [StatusCode.STORED]
    assert (line.sent.count(b"HTTP/1.1\r\n"), line.received.count(b"HTTP/1.1 200 ")) == (1, 1)
    sent_head = len(line.sent) - len(encode_request(small))
    received_head = line.received.index(b"\r\n\r\n") + 4
    assert sent_head + received_head <= 1024


def test_first_round_asks_for_a_nonce_before_it_sends_its_body(line: WireTap, manager: TalkingDevice) -> None:
    bodies = large(manager)
    with closing(manager.carrier(line.url)) as carrier:
        carrier.round(RoundRequest(2, envelopes=bodies))
    assert len(line.sent) < sum(map(len, bodies)) + 4096


def test_nonce_of_yesterday_costs_one_more_exchange(relay: RelayServer, manager: TalkingDevice) -> None:
    nonces = MemoryNonces()
    nonces.put(relay.url, "A" * 32)
    district = manager.district.roster.district
    with closing(HttpCarrier([relay.url], district, MANAGER, manager.key.sign, nonces)) as carrier:
        assert carrier.round(RoundRequest(2)).roster_version == 2


def test_connection_is_kept(carrier: HttpCarrier, line: WireTap) -> None:
    for _ in range(5):
        carrier.round(RoundRequest(2))
    assert line.connections == 1


def test_progress_ends_at_the_sizes_of_both_bodies(carrier: HttpCarrier, manager: TalkingDevice) -> None:
    request = RoundRequest(2, envelopes=large(manager))
    seen: list[tuple[int, int]] = []
    carrier.round(request, lambda sent, received: seen.append((sent, received)))
    assert seen == sorted(seen)
    assert seen[-1][0] == len(encode_request(request))
    assert len(seen) > 20


@pytest.fixture
def stop() -> Callable[[float], Event]:
    def after(seconds: float) -> Event:
        stopped = Event()
        Timer(seconds, stopped.set).start()
        return stopped

    return after


def test_cancel_while_sending(
    carrier: HttpCarrier, line: WireTap, manager: TalkingDevice, stop: Callable[[float], Event]
) -> None:
    line.bytes_per_second = 40_000
    request = RoundRequest(2, envelopes=large(manager))
    started = time.monotonic()
    with pytest.raises(RoundCancelledError):
        carrier.round(request, cancelled=stop(0.5).is_set)
    assert time.monotonic() - started < 3
    line.bytes_per_second = 0
    statuses = carrier.round(request).statuses
    assert {status.code for status in statuses} == {StatusCode.STORED}


def test_cancel_while_the_relay_is_silent(
    carrier: HttpCarrier, line: WireTap, stop: Callable[[float], Event]
) -> None:
    line.answers = False
    started = time.monotonic()
    with pytest.raises(RoundCancelledError):
        carrier.round(RoundRequest(2), cancelled=stop(0.3).is_set)
    assert time.monotonic() - started < 3
    line.answers = True
    assert carrier.round(RoundRequest(2)).roster_version == 2


def test_cancel_of_a_list_while_the_relay_is_silent(
    carrier: HttpCarrier, line: WireTap, stop: Callable[[float], Event]
) -> None:
    line.answers = False
    started = time.monotonic()
    with pytest.raises(RoundCancelledError):
        carrier.get_roster(stop(0.3).is_set)
    assert time.monotonic() - started < 3


def test_what_nobody_can_stop_waits_once_and_not_long_for_a_silent_relay(
    carrier: HttpCarrier, line: WireTap, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert max(filter(None, http._UNSTOPPED.as_dict().values())) <= 30
    monkeypatch.setattr(http, "_UNSTOPPED", httpx2.Timeout(0.5))
    line.answers = False
    with pytest.raises(RelayUnreachableError):
        carrier.get_roster()
    assert line.sent.count(b"GET ") == 1
    line.answers = True
    assert len(carrier.get_roster()) == 2


def test_cancel_before_it_begins(carrier: HttpCarrier, line: WireTap) -> None:
    with pytest.raises(RoundCancelledError):
        carrier.round(RoundRequest(2), cancelled=lambda: True)
    assert line.sent == b""


def test_line_cut_under_a_large_body_is_told_at_once(
    carrier: HttpCarrier, line: WireTap, manager: TalkingDevice
) -> None:
    bodies = large(manager)
    line.cut_after = 100_000
    with pytest.raises(LineCutError):
        carrier.round(RoundRequest(2, envelopes=bodies))
    assert len(line.sent) < 110_000
    statuses = [carrier.round(RoundRequest(2, envelopes=(body,))).statuses[0] for body in bodies]
    assert {status.code for status in statuses} == {StatusCode.STORED}


def test_small_body_goes_again_over_a_cut_line(
    carrier: HttpCarrier, line: WireTap, manager: TalkingDevice
) -> None:
    line.cut_after = 5_000
    body = large(manager)[0]
    assert carrier.round(RoundRequest(2, envelopes=(body,))).statuses[0].code is StatusCode.STORED
    assert line.connections == 2
    assert len(line.sent) < len(body) + 10_000


def test_lost_answer_is_no_second_storing(
    carrier: HttpCarrier, line: WireTap, manager: TalkingDevice
) -> None:
    """The relay took it, the answer was lost, the same bytes come again: known, not twice."""
    request = RoundRequest(2, envelopes=(manager.seal(),))
    line.answers = False
    stopped = Event()
    Timer(0.5, stopped.set).start()
    with pytest.raises(RoundCancelledError):
        carrier.round(request, cancelled=stopped.is_set)
    line.answers = True
    assert [status.code for status in carrier.round(request).statuses] == [StatusCode.KNOWN]


def test_no_relay_there(manager: TalkingDevice) -> None:
    with closing(manager.carrier(DEAD)) as carrier, pytest.raises(RelayUnreachableError) as caught:
        carrier.round(RoundRequest(2))
    assert caught.value.params == {"status": 0}


def test_second_address_is_tried_and_remembered(relay: RelayServer, manager: TalkingDevice) -> None:
    district = manager.district.roster.district
    with closing(HttpCarrier([DEAD, relay.url], district, MANAGER, manager.key.sign)) as carrier:
        carrier.round(RoundRequest(2))
        started = time.monotonic()
        carrier.round(RoundRequest(2))
    assert time.monotonic() - started < 0.2


@contextmanager
def answered(
    device: TalkingDevice, answers: list[tuple[int, bytes]], headers: dict[str, str] | None = None
) -> Iterator[HttpCarrier]:
    """A carrier whose relay gives these answers."""
    with closing(Answering(answers, headers)) as server, closing(device.carrier(server.url)) as carrier:
        yield carrier


def test_relay_that_is_broken_for_a_moment(manager: TalkingDevice) -> None:
    with stamina.set_testing(False), answered(manager, [(503, b"")] * 2 + [(200, b"\x80")]) as carrier:
        assert carrier.get_prekeys() == ()


def test_relay_that_stays_broken(manager: TalkingDevice) -> None:
    with answered(manager, [(500, b"")]) as carrier, pytest.raises(RelayUnreachableError) as caught:
        carrier.round(RoundRequest(2))
    assert caught.value.params == {"status": 500}


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xa0", b"\xa1\x00\x00"])
def test_answer_that_is_none(manager: TalkingDevice, body: bytes) -> None:
    with answered(manager, [(200, body)]) as carrier, pytest.raises(ExchangeError):
        carrier.round(RoundRequest(2))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"type": 7}', b'{"type": "urn:other"}'])
def test_refusal_without_a_reason(manager: TalkingDevice, body: bytes) -> None:
    with answered(manager, [(403, body)]) as carrier, pytest.raises(RelayRefusedError) as caught:
        carrier.round(RoundRequest(2))
    assert caught.value.params == {"reason": "unknown", "status": 403}


def test_redirect_is_not_followed(manager: TalkingDevice, relay: RelayServer) -> None:
    elsewhere = answered(manager, [(307, b"")], {"Location": relay.url})
    with elsewhere as carrier, pytest.raises(RelayRefusedError):
        carrier.round(RoundRequest(2))


def test_answer_without_end(manager: TalkingDevice) -> None:
    endless = answered(manager, [(200, bytes(9 * 1024 * 1024))])
    with endless as carrier, pytest.raises(RelayRefusedError) as caught:
        carrier.round(RoundRequest(2))
    assert caught.value.params["reason"] == "answer_too_large"
