"""The demo as a newcomer runs it without a display: it ends 0, and its figures are those of the issue."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.papers import text_of

PICTURES = ("case-list.png", "case-file.png", "papers.png", "desk-conflict.png")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_demo_plays_the_day_and_its_audit_agrees(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo", "--play", "--folder", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    expected = {
        "case_files": 61,
        "devices": 6,
        "conflicts_found": 1,
        "conflicts_decided": 1,
        "decision_back_on": 2,
        "plaintext_hits": 0,
        "coordinator_hits": 0,
    }
    assert {name: summary[name] for name in expected} == expected
    assert summary["control_hits"] == 6
    assert [(folder / name).read_bytes()[:8] for name in PICTURES] == [PNG] * len(PICTURES)
    texts = [text_of((folder / name).read_bytes()) for name in ("consent-uk.pdf", "art13-uk.pdf")]
    assert ["Згода" in texts[0], "Ваші дані в KIM" in texts[1]] == [True, True]
