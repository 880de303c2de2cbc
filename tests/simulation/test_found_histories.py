"""Histories in which something was wrong once, shortened, are well: `found_histories.toml` tells of each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.simulation.history import Histories
from tests.support.simulation.world import Plan, Step

FOUND: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("found_histories.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", FOUND)
def test_history_that_once_failed_is_well(histories: Histories, name: str) -> None:
    assert histories.follow(_plan(FOUND[name])).verdict.sentences == []


def _plan(found: dict[str, Any]) -> Plan:
    return Plan(
        seed=found["seed"],
        devices=found["devices"],
        real=found.get("real", False),
        steps=tuple(Step(*step) for step in found["steps"]),
        badness=tuple(found["badness"]),
        set_back=found["set_back"],
        older=tuple(found.get("older", ())),
        over_both=found.get("over_both", ""),
    )
