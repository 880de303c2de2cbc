"""Figures for operators: counts only, no district and no device."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from sync.rounds.exchange import Kind, Status, StatusCode

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """The counters of one relay process."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kim_relay_requests", "Answers by route and status", ["route", "status"], registry=self._registry
        )
        self._items = Counter(
            "kim_relay_items",
            "Posted items by kind and outcome",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._conflicts = Counter(
            "kim_relay_place_conflicts",
            "Two envelopes at one place: a cloned device, or an attack",
            registry=self._registry,
        )
        self._held = {
            name: Gauge(f"kim_relay_{name}", text, registry=self._registry)
            for name, text in (
                ("districts", "Districts served"),
                ("held_items", "Items whose bytes are held"),
                ("held_bytes", "Bytes held"),
            )
        }

    def request(self, route: str, status: int) -> None:
        """Count an answer; `route` is the template, never the address asked."""
        self._requests.labels(route, str(status)).inc()

    def item(self, kind: Kind, status: Status) -> None:
        """Count what became of a posted item."""
        self._items.labels(kind.name.lower(), status.code.name.lower()).inc()
        if status.code is StatusCode.CONFLICT:
            self._conflicts.inc()

    def page(self, held: Callable[[], dict[str, int]]) -> bytes:
        """The metrics in Prometheus' text format; `held` gives the three totals."""
        for name, value in held().items():
            self._held[name].set(value)
        return generate_latest(self._registry)
