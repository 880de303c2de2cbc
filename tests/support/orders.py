"""The list of orders as it lies beside a backup, without the backup."""

from __future__ import annotations

from pathlib import Path

from sync.removal.order_book import OrderBook
from sync.workplace import Workplace


def put_order_list(place: Workplace, path: Path) -> None:
    """Write the signed list of all orders that a workplace knows."""
    engine = place._engine
    with engine.office.transaction() as post:
        path.write_bytes(OrderBook(engine).signed_list(post))
