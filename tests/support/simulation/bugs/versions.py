"""Mistakes between two versions of the program in one district."""

from __future__ import annotations

from typing import Any

from app.domain.declarations import REGISTRY
from app.services import figures
from app.storage.posting import Posting
from app.storage.projection import Projection
from app.storage.unit_of_work import StoreUnitOfWork
from tests.support.simulation.bugs.registry import Patches, bug


@bug("What a newer program wrote into a register is gone when an older one saves it.")
def unknown_fields_dropped() -> Patches:
    """Only what is declared is written."""
    return [(StoreUnitOfWork, "_unknown", lambda *_: {})]


@bug("An older program throws away what it does not know.")
def unknown_not_stored() -> Patches:
    """Types and registers that are not declared are passed over."""
    post = Posting.post

    def knowing(self: Posting, changes: Any, *more: Any) -> Any:
        return post(self, [item for item in changes if _is_declared(item)], *more)

    return [(Posting, "post", knowing)]


def _is_declared(change: Any) -> bool:
    declared = REGISTRY.get(change.type)
    return declared is not None and change.register in declared.register_by_name


@bug("After an update nothing is made of what lay unknown in the store.")
def rows_not_made_again() -> Patches:
    """New tables and columns stay empty; the older program is as it was."""
    prepare = Projection.prepare

    def lazy(self: Projection, types: Any) -> tuple[Any, ...]:
        found = prepare(self, types)
        return found if REGISTRY.get("BenefitPeriod") is None else ()

    return [(Projection, "prepare", lazy)]


@bug("Two computers of one person, on two versions, correct each other's figures for ever.")
def figures_without_the_newer_facts() -> Patches:
    """What this program does not derive is not there."""
    return [(figures, "facts_of_newer", lambda _facts: ())]
