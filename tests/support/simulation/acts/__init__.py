"""What can happen in a history: each act in a module of its own concern, found by its name."""

from tests.support.simulation.acts import (
    consents,
    decisions,
    disks,
    families,
    forms,
    handing,
    members,
    notes,
    orders,
    persons,
    programs,
    questions,
    sticks,
    suspending,
    weather,
)
from tests.support.simulation.acts.registry import ACTS, Act

MODULES = (
    consents,
    decisions,
    disks,
    families,
    forms,
    handing,
    members,
    notes,
    orders,
    persons,
    programs,
    questions,
    sticks,
    suspending,
    weather,
)
__all__ = ["ACTS", "MODULES", "Act"]
