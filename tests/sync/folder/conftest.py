from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.relay.server import RelayServer
from tests.support.district import District, start_relay


@pytest.fixture(scope="session")
def folder_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    """One relay at which the districts of these tests come together once, before the folder takes over."""
    relay = start_relay(tmp_path_factory.mktemp("folders") / "relay")
    yield relay
    relay.stop()


@pytest.fixture
def district(tmp_path: Path, folder_relay: RelayServer) -> Iterator[District]:
    """A keeper and one case manager, anna, whose prekeys and folder key are known to each other."""
    with District.found(tmp_path / "district", str(tmp_path), relay=folder_relay) as founded:
        founded.join("anna")
        founded.round("sina", "anna", "sina", "anna")
        yield founded


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
