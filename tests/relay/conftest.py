"""One relay process for all tests of a worker; every test has its own district in it."""

from collections.abc import Iterator

import pytest

from sync.relay.server import RelayServer
from tests.support.forks import ForkedRelay
from tests.support.relay_district import RelayDistrict

WIDE = ("--requests-per-minute", "1000000", "--new-districts-per-day", "100000")


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with ForkedRelay(tmp_path_factory.mktemp("relay") / "relay.sqlite", arguments=WIDE) as server:
        yield server


@pytest.fixture
def district(relay: RelayServer) -> RelayDistrict:
    made = RelayDistrict()
    made.open_at(relay.url)
    return made
