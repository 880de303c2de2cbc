"""What operators see: health, figures, log; and that none of it names anybody."""

import re
import subprocess
import sys
from contextlib import closing

import httpx2
import pytest

from sync.relay.server import RelayServer
from sync.rounds.exchange import NONCE_HEADER, RoundRequest, district_path
from tests.support.raw_relay import outcome
from tests.support.relay_district import MANAGER, RelayDistrict


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health(relay: RelayServer, path: str) -> None:
    answer = httpx2.get(relay.url + path)
    assert (answer.status_code, answer.content, NONCE_HEADER in answer.headers) == (204, b"", False)


def figures(relay: RelayServer) -> dict[str, float]:
    """The relay's metrics by name and labels."""
    lines = httpx2.get(f"{relay.url}/metrics").text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_metrics_count_items_and_conflicts(relay: RelayServer, district: RelayDistrict) -> None:
    before = figures(relay)
    manager = district.devices[MANAGER]
    manager.open_channel(manager)
    bodies = (manager.seal("eins"), manager.seal("zwei", n=1, prev=b""))
    with closing(manager.carrier(relay.url)) as carrier:
        carrier.round(RoundRequest(2, envelopes=bodies))
    after = figures(relay)
    stored = 'kim_relay_items_total{kind="envelope",outcome="stored"}'
    assert after[stored] - before.get(stored, 0) == 1
    assert after["kim_relay_place_conflicts_total"] - before["kim_relay_place_conflicts_total"] == 1
    assert after["kim_relay_held_items"] - before["kim_relay_held_items"] == 2
    assert after["kim_relay_held_bytes"] - before["kim_relay_held_bytes"] == sum(map(len, bodies))


def test_log_and_metrics_name_nobody(relay: RelayServer, district: RelayDistrict) -> None:
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        carrier.round(RoundRequest(2))
    httpx2.get(f"{relay.url}/v1/{district_path(district.roster.district)}/roster?name=Mia")
    seen = relay.log_text() + httpx2.get(f"{relay.url}/metrics").text
    assert "POST /v1/{district}/round 200" in relay.log_text()
    named = [
        district_path(district.roster.district),
        district.roster.district.hex(),
        "Muster",
        "Mia",
        "127.0.0.1",
    ]
    assert [word for word in named if word in seen] == []
    assert re.findall(r"\d{1,3}(?:\.\d{1,3}){3}", seen) == []


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", (404, "not_found")),
        ("GET", "/v1/short/round", (405, "method")),
        ("POST", "/v1/short/round", (404, "not_found")),
        ("DELETE", f"/v1/{'A' * 43}/roster", (405, "method")),
        ("GET", f"/v1/{'A' * 43}/roster", (404, "unknown_district")),
        ("GET", f"/v1/{'A' * 42}B/roster", (404, "unknown_district")),
        ("GET", f"/v1/{'A' * 43}/enrolments/00/roster", (404, "not_found")),
    ],
)
def test_problem_details(relay: RelayServer, method: str, path: str, expected: tuple[int, str]) -> None:
    answer = httpx2.request(method, relay.url + path)
    if path == "/":
        answer.headers[NONCE_HEADER] = "-" * 32
    assert outcome(answer) == expected


def test_server_needs_only_its_own_libraries() -> None:
    """A server has no SQLCipher, no Qt and no HTTP client."""
    shown = "import sys, sync.relay.__main__; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True
    ).stdout.split()
    unwanted = {
        "sqlcipher3",
        "PySide6",
        "httpx2",
        "app.storage",
        "app.security",
        "sync.carriers",
        "reportlab",
    }
    assert unwanted & set(loaded) == set()
