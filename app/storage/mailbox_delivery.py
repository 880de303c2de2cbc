"""How far own changes have come: waiting, at the relay, with the KI."""

from __future__ import annotations

from app.services.ports import Delivery
from app.storage.connection import Connection


def mailbox_delivery(connection: Connection, case: int | None) -> Delivery:
    """Count own changes by how far they have come, of a case file or of all."""
    row = connection.execute(
        "SELECT count(*) FROM outbox JOIN change ON change.dot = outbox.dot WHERE ?1 IS NULL OR change.case_file = ?1",
        (case,),
    ).fetchone()
    return Delivery(waiting=int(row[0]))
