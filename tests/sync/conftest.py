from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.relay.server import RelayServer
from tests.support.district import District, start_relay
from tests.support.keeper_district import with_two_keepers
from tests.support.templates import Templates, with_anna, with_anna_and_ben


@pytest.fixture(scope="session")
def shared_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    """One relay for the districts that tests found themselves, as it serves many districts in life."""
    relay = start_relay(tmp_path_factory.mktemp("shared") / "relay")
    yield relay
    relay.stop()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Districts of which every test gets a copy with a relay of its own."""
    made = Templates(tmp_path_factory.mktemp("templates"))
    yield made
    made.close()


@pytest.fixture
def district(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """A keeper and one case manager, anna, whose prekeys are known to each other."""
    with templates.copy(tmp_path / "district", with_anna) as (founded, _):
        yield founded


@pytest.fixture
def keepers(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Sina and Ruth are keepers, Anna a case manager; three keeper keys are named, one lies in the safe."""
    with templates.copy(tmp_path / "keepers", with_two_keepers) as (founded, _):
        yield founded


@pytest.fixture
def three(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """The keeper sina with two case managers, anna and ben, who know each other's prekeys."""
    with templates.copy(tmp_path / "district", with_anna_and_ben) as (founded, _):
        yield founded
