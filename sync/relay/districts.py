"""Districts and their rosters: a chain from the first, which names the district."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from sync.district.roster_chain import verify_chain
from sync.errors import ReadingError, RosterForkError, RosterGapError, RosterRollbackError
from sync.relay import problems
from sync.relay.database import Database
from sync.relay.deliveries import deliver, lock_district
from sync.relay.schema import district, prekey
from sync.relay.schema import roster as rosters
from sync.relay.settings import DAY_MS, RelaySettings
from sync.roster import Device, DeviceState, Roster, day_number, decode_roster, encode_roster

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

    def judge(
        self, connection: Connection, name: bytes, offered: Sequence[Roster], now: int
    ) -> Standing | None:
        """The district as it is held (None: not yet), when `offered` may be stored.

        Raises the 403, 404, 409, 422 and 429 problems.
        """
        held = self.find(connection, name)
        if held is None:
            if offered[0].version > 1:
                raise problems.unknown_district()
            self._check_room(connection, now)
        _check(None if held is None else held.roster, offered)
        _check_date(offered[-1], now)
        return held

    def put_rosters(self, connection: Connection, name: bytes, offered: Sequence[Roster], now: int) -> None:
        """Store those of a chain that are lacking, all or, with what `judge` raises, none."""
        self._lock(connection, name)
        held = self.judge(connection, name, offered, now)
        known = 0 if held is None else held.roster.version
        new = [roster for roster in offered if roster.version > known]
        if not new:
            return
        district_id = self._create(connection, name, now) if held is None else held.district
        for roster in new:
            _insert(connection, district_id, roster)
        connection.execute(
            update(district).where(district.c.id == district_id).values(roster_version=new[-1].version)
        )
        if held is not None:
            _deliver_prekeys(connection, held, new[-1])

    def _lock(self, connection: Connection, name: bytes) -> None:
        """From here on nobody else can change the district."""
        held = self.find(connection, name)
        if held is not None:
            lock_district(connection, held.district)

    def _check_room(self, connection: Connection, now: int) -> None:
        if not self._settings.allow_new_districts:
            raise problems.forbidden()
        today = select(func.count()).select_from(district).where(district.c.created_at > now - DAY_MS)
        if connection.execute(today).scalar_one() >= self._settings.new_districts_per_day:
            raise problems.too_many()

    def _create(self, connection: Connection, name: bytes, now: int) -> int:
        values = {"name": name, "last_number": 0, "roster_version": 0, "created_at": now}
        new = self._database.insert(district).values(values).on_conflict_do_nothing()
        district_id = connection.execute(new.returning(district.c.id)).scalar_one_or_none()
        if district_id is None:
            # Another process made it a moment ago.
            raise problems.roster_conflict()
        return int(district_id)


def readable(name: bytes, bodies: Iterable[bytes]) -> tuple[Roster, ...]:
    """Rosters of one district as they came, ascending, not yet believed; raises the 422 problem."""
    try:
        offered = tuple(map(decode_roster, bodies))
    except ReadingError as error:
        raise problems.refused_roster() from error
    versions = [roster.version for roster in offered]
    if not offered or versions != sorted(set(versions)) or {item.district for item in offered} != {name}:
        raise problems.refused_roster()
    return offered


def newest(held: Roster | None, offered: Sequence[Roster]) -> Roster:
    """The roster by which it is judged who may bring `offered`."""
    return held if held is not None and held.version >= offered[-1].version else offered[-1]


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


def _insert(connection: Connection, district_id: int, new: Roster) -> None:
    values = {"district": district_id, "version": new.version, "digest": new.hash}
    connection.execute(insert(rosters).values(values | {"body": encode_roster(new)}))


def _check(held: Roster | None, offered: Sequence[Roster]) -> None:
    try:
        if held is not None and offered[-1].version < held.version:
            raise RosterRollbackError(known=held.version, offered=offered[-1].version)
        verify_chain(held, offered)
    except (RosterRollbackError, RosterForkError, RosterGapError) as error:
        raise problems.roster_conflict() from error
    except ReadingError as error:
        raise problems.refused_roster() from error


def _check_date(offered: Roster, now: int) -> None:
    """Refuse what ends in the future: the day never runs back, so one wrong clock would stay for ever."""
    if day_number(offered.made) > now // DAY_MS + 1:
        raise problems.roster_date()


def _deliver_prekeys(connection: Connection, held: Standing, offered: Roster) -> None:
    """Let devices that came in by this roster have what the others published before."""
    known = {device.index for device in held.roster.devices}
    new = [device.index for device in offered.devices if device.index not in known]
    query = select(prekey.c.item).where(prekey.c.district == held.district).order_by(prekey.c.device)
    items = list(connection.execute(query).scalars()) if new else []
    deliver(connection, held.district, ((device, item_id) for device in new for item_id in items))
