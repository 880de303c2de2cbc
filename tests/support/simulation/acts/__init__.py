"""What can happen in a history: each act in a module of its own concern, found by its name."""

from tests.support.simulation.acts import consents, decisions, disks, forms, notes, weather
from tests.support.simulation.acts.registry import ACTS, Act

ITEMS = consents.ITEMS
__all__ = ["ACTS", "ITEMS", "Act", "consents", "decisions", "disks", "forms", "notes", "weather"]
