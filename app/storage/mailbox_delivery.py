"""How far own changes have come: waiting, at the relay, with the KI."""

from __future__ import annotations

from app.domain.declarations import FIGURES
from app.services.ports import Delivery
from app.storage.connection import Connection
from app.storage.projection import table_of

_UNSEALED = """
SELECT count(*) FROM outbox JOIN change ON change.dot = outbox.dot AND change.twin = 0
WHERE {condition}
  AND NOT EXISTS (SELECT 1 FROM sealed_change WHERE sealed_change.dot = outbox.dot)
"""

# A change is with the KI when one supervisor's device has signed for every envelope it is in that
# was granted to that device.
_SEALED = """
WITH own AS MATERIALIZED (
    SELECT sealed_change.* FROM sealed_change
    WHERE {chosen}
), place AS MATERIALIZED (
    SELECT session, channel, n, sealed IS NULL OR EXISTS (
        SELECT 1 FROM relay_run WHERE relay_run.session = sealed.session
        AND relay_run.channel = sealed.channel AND sealed.n BETWEEN relay_run.first AND relay_run.last
    ) AS there FROM sealed
), signature AS MATERIALIZED (
    SELECT sealed.session, sealed.channel, sealed.n, grant_out.recipient, ack_in.at_ms
    FROM sealed
    JOIN grant_out ON grant_out.channel = sealed.channel AND grant_out.epoch = sealed.epoch
    JOIN supervisor_device ON supervisor_device.device = grant_out.recipient
    LEFT JOIN ack_in ON ack_in.recipient = grant_out.recipient AND ack_in.session = sealed.session
        AND ack_in.channel = sealed.channel AND ack_in.n >= sealed.n
), by_device AS (
    SELECT dot, max(signature.at_ms) AS at_ms FROM own JOIN signature USING (session, channel, n)
    GROUP BY dot, recipient HAVING count(*) = count(signature.at_ms)
), signed AS MATERIALIZED (
    SELECT dot, min(at_ms) AS at_ms FROM by_device GROUP BY dot
), sent AS (
    SELECT dot, min(there) AS there FROM own JOIN place USING (session, channel, n) GROUP BY dot
)
SELECT count(*) FILTER (WHERE NOT there),
       count(*) FILTER (WHERE there AND at_ms IS NULL),
       count(*) FILTER (WHERE there AND at_ms IS NOT NULL),
       max(at_ms) FILTER (WHERE there)
FROM sent LEFT JOIN signed USING (dot)
"""

# Whose figures they are is for own devices alone: it would wait for the KI for ever.
_ALL = f"""
dot NOT IN (
    SELECT head.dot FROM {table_of(FIGURES)} AS figures
    JOIN head ON head.record = figures.id AND head.register = 'counted'
)
"""


def mailbox_delivery(connection: Connection, condition: str | None) -> Delivery:
    """Count own changes by how far they have come, of the changes under a condition or of all.

    Each change counts once. One that everybody once had and that only waits to be
    looked at again for a wider audience does not count as waiting.
    """
    chosen = _ALL if condition is None else f"dot IN (SELECT dot FROM change WHERE {condition})"
    (unsealed,) = connection.execute(_UNSEALED.format(condition=condition or "1")).fetchone()
    unsent, at_relay, with_ki, signed_ms = connection.execute(_SEALED.format(chosen=chosen)).fetchone()
    return Delivery(unsealed + unsent, at_relay, with_ki, signed_ms)
