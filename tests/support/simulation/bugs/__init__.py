"""Seeded bugs: what the oracle finds, so that its silence means something."""

from tests.support.simulation.bugs import backups, ends, families, merging, stand_ins, travel, versions
from tests.support.simulation.bugs.registry import BUGS, Bug

__all__ = ["BUGS", "Bug", "backups", "ends", "families", "merging", "stand_ins", "travel", "versions"]
