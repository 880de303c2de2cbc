from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.relay.server import RelayServer
from tests.support.district import District, start_relay
from tests.support.keeper_district import with_two_keepers


@pytest.fixture(scope="session")
def shared_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    """One relay for the districts of many tests, as it serves many districts in life."""
    relay = start_relay(tmp_path_factory.mktemp("shared") / "relay")
    yield relay
    relay.stop()


@pytest.fixture
def district(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    """A keeper and one case manager, anna, whose prekeys are known to each other."""
    with District.found(tmp_path / "district", str(tmp_path), relay=shared_relay) as founded:
        founded.join("anna")
        founded.round("sina", "anna", "sina")
        yield founded


@pytest.fixture
def lone_district(tmp_path: Path) -> Iterator[District]:
    """The same with a relay of its own, which a test may stop and break."""
    with District.found(tmp_path / "district") as founded:
        founded.join("anna")
        founded.round("sina", "anna", "sina")
        yield founded


@pytest.fixture
def keepers(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    """Sina and Ruth are keepers, Anna a case manager; three keeper keys are named, one lies in the safe."""
    with District.found(tmp_path / "keepers", f"{tmp_path}/keepers", relay=shared_relay) as founded:
        yield with_two_keepers(founded)


@pytest.fixture
def three(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    """The keeper sina with two case managers, anna and ben, who know each other's prekeys."""
    with District.found(tmp_path / "district", str(tmp_path), relay=shared_relay) as founded:
        founded.join("anna")
        founded.join("ben")
        founded.round("sina", "anna", "ben", "sina", "anna")
        yield founded
