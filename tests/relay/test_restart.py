"""A relay that ends, by order or by a power cut, or whose file is lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from sync.carriers.http import RelayCursorUnknownError, RelayUnreachableError
from sync.relay.server import RelayServer
from sync.rounds.exchange import RoundRequest, StatusCode, runs_digest
from tests.support.forks import ForkedRelay
from tests.support.raw_relay import RawRequest, outcome, send
from tests.support.relay_district import KEEPER, MANAGER, RelayDistrict, TalkingDevice


@pytest.fixture
def own_relay(tmp_path: Path) -> Iterator[RelayServer]:
    with ForkedRelay(tmp_path / "relay.sqlite", arguments=("--requests-per-minute", "1000000")) as server:
        yield server


def opened(relay: RelayServer) -> tuple[TalkingDevice, TalkingDevice]:
    """Manager and keeper of a new district, with a channel between them."""
    district = RelayDistrict()
    district.open_at(relay.url)
    manager, keeper = district.devices[MANAGER], district.devices[KEEPER]
    manager.open_channel(manager, keeper)
    with closing(manager.carrier(relay.url)) as carrier:
        carrier.round(RoundRequest(2, grants=(manager.grant(keeper),)))
    return manager, keeper


def test_restart_keeps_everything(own_relay: RelayServer) -> None:
    manager, keeper = opened(own_relay)
    body = manager.seal()
    with (
        closing(manager.carrier(own_relay.url)) as at_manager,
        closing(keeper.carrier(own_relay.url)) as at_keeper,
    ):
        before = at_keeper.round(RoundRequest(2))
        at_manager.round(RoundRequest(2, envelopes=(body,)))
        own_relay.stop()
        own_relay.start()
        after = at_keeper.round(RoundRequest(2, before.cursor))
        assert [delivery.sealed for delivery in after.deliveries] == [body]


def test_nonce_used_before_a_restart_stays_used(own_relay: RelayServer) -> None:
    manager, _keeper = opened(own_relay)
    request = RawRequest(own_relay.url, manager).signed()
    assert outcome(send(request)) == (200, "")
    own_relay.kill()
    own_relay.start()
    assert outcome(send(request)) == (401, "nonce")


def test_killed_relay_holds_what_it_said_it_holds(own_relay: RelayServer) -> None:
    manager, keeper = opened(own_relay)
    bodies = [manager.seal(str(number)) for number in range(400)]
    said: list[bytes] = []
    enough = Event()
    writer = Thread(target=post_until_gone, args=(manager, own_relay.url, bodies, said, enough))
    writer.start()
    assert enough.wait(30)
    own_relay.kill()
    writer.join()
    assert 20 <= len(said) < len(bodies)
    own_relay.start()
    with closing(keeper.carrier(own_relay.url)) as carrier:
        answer = carrier.round(RoundRequest(2, budget=1 << 20))
    held = [delivery.sealed for delivery in answer.deliveries[1:]]
    assert held[: len(said)] == said
    assert len(held) - len(said) in (0, 1)


def post_until_gone(
    device: TalkingDevice, url: str, bodies: list[bytes], said: list[bytes], enough: Event
) -> None:
    """Post one by one and note what the relay says it stored."""
    with closing(device.carrier(url)) as carrier:
        for body in bodies:
            try:
                answer = carrier.round(RoundRequest(2, envelopes=(body,)))
            except RelayUnreachableError:
                return
            assert answer.statuses[0].code is StatusCode.STORED
            said.append(body)
            if len(said) == 20:
                enough.set()


def test_emptied_relay_is_noticed_and_filled_again(own_relay: RelayServer) -> None:
    manager, _keeper = opened(own_relay)
    with closing(manager.carrier(own_relay.url)) as carrier:
        first = manager.seal()
        known = carrier.round(RoundRequest(2, envelopes=(first,), own_inventory=True)).own_runs
        own_relay.stop()
        own_relay.database_path.unlink()
        own_relay.start()
        manager.district.open_at(own_relay.url)
        answer = carrier.round(RoundRequest(2))
        assert answer.own_digest != runs_digest(known)
        answer = carrier.round(RoundRequest(2, envelopes=(first,)))
        assert answer.own_digest == runs_digest(known)


@pytest.mark.parametrize("again", ["eins", "zwei"])
def test_relay_set_back_does_not_know_a_later_cursor(own_relay: RelayServer, again: str) -> None:
    manager, keeper = opened(own_relay)
    own_relay.stop()
    backup = own_relay.database_path.read_bytes()
    own_relay.start()
    with (
        closing(manager.carrier(own_relay.url)) as at_manager,
        closing(keeper.carrier(own_relay.url)) as at_keeper,
    ):
        sealed = {text: manager.seal(text) for text in ("eins", "zwei")}
        at_manager.round(RoundRequest(2, envelopes=(sealed["eins"],)))
        cursor = at_keeper.round(RoundRequest(2)).cursor
        own_relay.stop()
        own_relay.database_path.write_bytes(backup)
        own_relay.start()
        # The number is given again, to the very same envelope or to another one.
        at_manager.round(RoundRequest(2, envelopes=(sealed[again],)))
        with pytest.raises(RelayCursorUnknownError):
            at_keeper.round(RoundRequest(2, cursor))
