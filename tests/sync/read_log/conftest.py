from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.audience import Role
from sync.relay.server import RelayServer
from tests.support.district import District, start_relay


@pytest.fixture(scope="session")
def log_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    """One relay for the districts of these tests."""
    relay = start_relay(tmp_path_factory.mktemp("logs") / "relay")
    yield relay
    relay.stop()


@contextmanager
def two_keepers(folder: Path, relay: RelayServer, others: Mapping[str, Role]) -> Iterator[District]:
    """Sina and Sven are keepers; Anna has case files."""
    with District.found(folder / "district", str(folder), relay=relay) as founded:
        for name, role in {"anna": Role.CASE_MANAGER, "sven": Role.SUPERVISOR, **others}.items():
            founded.join(name, role)
        founded["sina"].keepers.make_keeper(founded.member("sven"), founded["sina"].offline_key)
        founded.round("sven", *others, "anna", "sina", "anna", "sven")
        yield founded


@pytest.fixture
def district(tmp_path: Path, log_relay: RelayServer) -> Iterator[District]:
    """Sina and Sven are keepers; Anna has case files."""
    with two_keepers(tmp_path, log_relay, {}) as founded:
        yield founded


@pytest.fixture
def wide_district(tmp_path: Path, log_relay: RelayServer) -> Iterator[District]:
    """Besides, Sara is a supervisor and Cora coordinates."""
    others = {"sara": Role.SUPERVISOR, "cora": Role.COORDINATOR}
    with two_keepers(tmp_path, log_relay, others) as founded:
        yield founded
