"""What can happen in a history: each act in a module of its own concern, found by its name."""

from importlib import import_module
from pkgutil import iter_modules

from tests.support.simulation.acts.registry import ACTS, Act

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["ACTS", "Act"]
