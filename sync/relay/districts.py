"""Districts and their rosters: a chain from the first, which names the district."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from sync.district.roster_chain import verify_first, verify_successor
from sync.errors import ReadingError, RosterForkError, RosterGapError, RosterRollbackError
from sync.relay import problems
from sync.relay.database import Database
from sync.relay.deliveries import deliver, lock_district
from sync.relay.schema import district, prekey
from sync.relay.schema import roster as rosters
from sync.relay.settings import DAY_MS, RelaySettings
from sync.roster import Device, DeviceState, Roster, day_number, decode_roster

NOT_HELD: Final = 0
"""In place of a row's number, for a district that brings its first roster; rows count from 1."""
_ROSTERS_IN_ANSWER: Final = 64
_NAMED = select(district.c.id, district.c.roster_version).where(district.c.name == bindparam("at_name"))
_NEWER = (
    select(rosters.c.body)
    .where(rosters.c.district == bindparam("at_district"), rosters.c.version > bindparam("at_version"))
    .order_by(rosters.c.version)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Standing:
    """A district as this relay holds it: its row and the roster in force."""

    district: int
    roster: Roster

    def active(self, index: int) -> Device | None:
        """The device of that index if it may send."""
        device = self.roster.device(index)
        return device if device and device.state is DeviceState.ACTIVE else None

    def readers(self) -> frozenset[int]:
        """Devices that may read now."""
        return frozenset(device.index for device in self.roster.devices if device.state is DeviceState.ACTIVE)

    def addressees(self) -> list[int]:
        """Devices for which something may be laid by: the suspended too, for they may come back."""
        return [device.index for device in self.roster.devices if device.state is not DeviceState.REVOKED]

    def devices_of(self, members: Iterable[int]) -> frozenset[int]:
        """The active devices of some members."""
        return frozenset(device.index for device in self.roster.devices_of_all(members))

    def is_keeper(self, index: int) -> bool:
        """Whether an active keeper's device has this index."""
        device = self.active(index)
        return device is not None and device.member in self.roster.keepers


class Districts:
    """Finds and changes districts; rosters once read are remembered, for they never change."""

    def __init__(self, database: Database, settings: RelaySettings) -> None:
        """Serve the districts of one database."""
        self._database = database
        self._settings = settings
        self._known: dict[bytes, Standing] = {}

    def find(self, connection: Connection, name: bytes) -> Standing | None:
        """The district of that hash, or None."""
        row = connection.execute(_NAMED, {"at_name": name}).one_or_none()
        if row is None:
            return None
        known = self._known.get(name)
        if known is None or known.roster.version != row.roster_version:
            known = Standing(row.id, _read(connection, row.id, row.roster_version))
            self._known[name] = known
        return known

    def put_roster(self, connection: Connection, name: bytes, body: bytes, now: int) -> bool:
        """Store a district's first or next roster; False if it is held already.

        Raises the 403, 409, 422 and 429 problems.
        """
        offered = readable(body)
        if offered.district != name:
            raise problems.refused_roster()
        held = self._locked(connection, name)
        if held is None:
            self._create(connection, offered, body, now)
            return True
        _check(held.roster, offered)
        _check_date(offered, now)
        if offered.version == held.roster.version:
            return False
        _insert(connection, held.district, offered, body)
        connection.execute(
            update(district).where(district.c.id == held.district).values(roster_version=offered.version)
        )
        _deliver_prekeys(connection, held, offered)
        return True

    def _locked(self, connection: Connection, name: bytes) -> Standing | None:
        """The district as it stands once nobody else can change it."""
        held = self.find(connection, name)
        if held is None:
            return None
        lock_district(connection, held.district)
        return self.find(connection, name)

    def _create(self, connection: Connection, offered: Roster, body: bytes, now: int) -> None:
        if not self._settings.allow_new_districts:
            raise problems.forbidden()
        today = select(func.count()).select_from(district).where(district.c.created_at > now - DAY_MS)
        if connection.execute(today).scalar_one() >= self._settings.new_districts_per_day:
            raise problems.too_many()
        _check(None, offered)
        _check_date(offered, now)
        values = {
            "name": offered.district,
            "last_number": 0,
            "roster_version": offered.version,
            "created_at": now,
        }
        new = self._database.insert(district).values(values).on_conflict_do_nothing()
        district_id = connection.execute(new.returning(district.c.id)).scalar_one_or_none()
        if district_id is None:
            # Another process made it a moment ago.
            raise problems.roster_conflict()
        _insert(connection, district_id, offered, body)


def readable(body: bytes) -> Roster:
    """A roster as it came, not yet believed; raises the 422 problem."""
    try:
        return decode_roster(body)
    except ReadingError as error:
        raise problems.refused_roster() from error


def is_first(name: bytes, body: bytes) -> bool:
    """Whether this is the roster by which the district calls itself."""
    try:
        return decode_roster(body).hash == name
    except ReadingError:
        return False


def rosters_after(
    connection: Connection, district_id: int, version: int, limit: int = _ROSTERS_IN_ANSWER
) -> tuple[bytes, ...]:
    """Rosters newer than a version, in order; the next exchange brings the rest of very many."""
    newer = {"at_district": district_id, "at_version": version, "most": limit}
    return tuple(connection.execute(_NEWER, newer).scalars())


def count_districts(connection: Connection) -> int:
    """How many districts this relay serves."""
    return connection.execute(select(func.count()).select_from(district)).scalar_one()


def _read(connection: Connection, district_id: int, version: int) -> Roster:
    query = select(rosters.c.body).where(rosters.c.district == district_id, rosters.c.version == version)
    return decode_roster(connection.execute(query).scalar_one())


def _insert(connection: Connection, district_id: int, offered: Roster, body: bytes) -> None:
    values = {"district": district_id, "version": offered.version, "digest": offered.hash, "body": body}
    connection.execute(insert(rosters).values(values))


def _check(held: Roster | None, offered: Roster) -> None:
    try:
        if held is None:
            verify_first(offered)
        else:
            verify_successor(held, offered)
    except (RosterRollbackError, RosterForkError, RosterGapError) as error:
        raise problems.roster_conflict() from error
    except ReadingError as error:
        raise problems.refused_roster() from error


def _check_date(offered: Roster, now: int) -> None:
    """Refuse a roster from the future: its day never runs back, so one wrong clock would stay for ever."""
    if day_number(offered.made) > now // DAY_MS + 1:
        raise problems.roster_date()


def _deliver_prekeys(connection: Connection, held: Standing, offered: Roster) -> None:
    """Let devices that came in by this roster have what the others published before."""
    known = {device.index for device in held.roster.devices}
    new = [device.index for device in offered.devices if device.index not in known]
    query = select(prekey.c.item).where(prekey.c.district == held.district).order_by(prekey.c.device)
    items = list(connection.execute(query).scalars()) if new else []
    deliver(connection, held.district, ((device, item_id) for device in new for item_id in items))
