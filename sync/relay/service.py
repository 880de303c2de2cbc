"""What each address does: checks who asks, then works in one transaction."""

import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from sync.relay import acks, channels, nonces, problems, signature, use
from sync.relay.database import Database
from sync.relay.deliveries import held_totals
from sync.relay.districts import (
    NOT_HELD,
    Districts,
    Standing,
    count_districts,
    newest,
    readable,
    rosters_after,
)
from sync.relay.enrolments import Deposit, Enrolments
from sync.relay.mailbox import Desk, Exchange
from sync.relay.metrics import Metrics
from sync.relay.settings import RelaySettings
from sync.relay.signature import Message
from sync.roster import DeviceState, Roster
from sync.rounds import exchange
from sync.rounds.exchange import ExchangeError, RoundAnswer

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """An active device whose signature was checked, and the nonce that it spends by this request."""

    standing: Standing
    device: int
    now: int
    nonce: tuple[bytes, int]


class Service:
    """One relay process; every method may run in several threads."""

    def __init__(self, settings: RelaySettings, clock: Callable[[], int] | None = None) -> None:
        """Open the database; `clock` gives milliseconds since 1970."""
        self.settings = settings
        self.metrics = Metrics()
        self._clock = clock or (lambda: time.time_ns() // 1_000_000)
        self._database = Database(settings.database_url)
        self._nonces = nonces.Nonces(self._database, settings.nonce_ms)
        self._districts = Districts(self._database, settings)
        self._enrolments = Enrolments(self._database, settings)
        self._desk = Desk(self._database, settings, self.metrics)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def nonce(self) -> str:
        """A nonce for the next request."""
        return self._nonces.give(self._clock())

    def round(self, district: str, message: Message) -> bytes:
        """One exchange of a round."""
        caller = self._admit(district, message)
        request = _read(exchange.decode_request, message.body)

        def work(connection: Connection) -> RoundAnswer:
            return Exchange(self._desk, connection, caller.standing, caller.device, caller.now).answer(
                request
            )

        return exchange.encode_answer(self._work(caller, work))

    def put_rosters(self, district: str, message: Message) -> None:
        """Store what the district's chain of rosters lacks, from the first on where it is not held.

        All of it or nothing. Whom the newest of them names, and not as revoked, may bring them: a relay
        that was emptied is filled again by anybody who is in the district now.
        """
        name = _name(district)
        offered = readable(name, _read(exchange.decode_list, message.body))
        with self._database.reading() as connection:
            held = self._districts.find(connection, name)
        standing = _standing_for(held, offered)
        # A suspended keeper brings the roster that lifts the suspension: others' signatures vouch for it.
        caller = self._caller(standing, message, DeviceState.SUSPENDED)
        with self._database.reading() as connection:
            # Before anything is written: until then the caller is named by nothing but what it brought.
            self._districts.judge(connection, name, offered, caller.now)
        self._work(
            caller, lambda connection: self._districts.put_rosters(connection, name, offered, caller.now)
        )

    def rosters(self, district: str, message: Message) -> bytes:
        """All rosters of the caller's district; a revoked device too is told that it is."""
        with self._database.reading() as connection:
            standing = self._standing(connection, district)
        caller = self._caller(standing, message, DeviceState.REVOKED)
        return self._work(caller, lambda connection: _rosters(connection, caller.standing))

    def prekeys(self, district: str, message: Message) -> bytes:
        """The prekeys in force."""
        caller = self._admit(district, message)
        found = self._work(
            caller, lambda connection: channels.all_prekeys(connection, caller.standing.district)
        )
        return exchange.encode_list(found)

    def deposit_invitation(self, district: str, invitation: bytes, message: Message) -> None:
        """Keep a keeper's invitation."""
        keeper = self._admit_keeper(district, message)
        deposit = Deposit(*_read(exchange.decode_invitation, message.body))
        place = (keeper.standing.district, keeper.device, invitation, deposit, keeper.now)
        self._work(keeper, lambda connection: self._enrolments.deposit(connection, *place))

    def enrolments(self, district: str, message: Message) -> bytes:
        """Enrolments that wait, for a keeper."""
        keeper = self._admit_keeper(district, message)
        place = (keeper.standing.district, keeper.now)
        return exchange.encode_list(
            self._work(keeper, lambda connection: self._enrolments.waiting(connection, *place))
        )

    def post_enrolment(self, district: str, invitation: bytes, message: Message) -> None:
        """Keep an enrolment of who holds the invitation's token."""
        now = self._clock()
        with self._database.transaction() as connection:
            standing = self._invited(connection, district, invitation, message, now)
            self._enrolments.post(connection, standing.district, invitation, message.body, now)

    def invited_rosters(self, district: str, invitation: bytes, message: Message) -> bytes:
        """All rosters, for who holds the invitation's token."""
        with self._database.transaction() as connection:
            return _rosters(
                connection, self._invited(connection, district, invitation, message, self._clock())
            )

    def is_ready(self) -> None:
        """Raise the database's error unless it answers."""
        with self._database.reading() as connection:
            count_districts(connection)

    def metrics_page(self) -> bytes:
        """Figures for operators."""
        return self.metrics.page(self._held)

    def housekeep(self) -> int:
        """Free what is too old and forget spent nonces; gives how many items were freed."""
        now = self._clock()
        with self._database.transaction() as connection:
            nonces.forget_expired(connection, now)
            return acks.free_due(connection, now - self.settings.keep_ms, now)

    def _held(self) -> dict[str, int]:
        with self._database.reading() as connection:
            items, size = held_totals(connection)
            return {"districts": count_districts(connection), "held_items": items, "held_bytes": size}

    def _admit(self, district: str, message: Message) -> Caller:
        """The active device that signed; raises the 401, 403 and 404 problems."""
        with self._database.reading() as connection:
            standing = self._standing(connection, district)
        return self._caller(standing, message)

    def _admit_keeper(self, district: str, message: Message) -> Caller:
        caller = self._admit(district, message)
        if not caller.standing.is_keeper(caller.device):
            raise problems.forbidden()
        return caller

    def _standing(self, connection: Connection, district: str) -> Standing:
        standing = self._districts.find(connection, _name(district))
        if standing is None:
            raise problems.unknown_district()
        return standing

    def _caller(
        self, standing: Standing, message: Message, lowest: DeviceState = DeviceState.ACTIVE
    ) -> Caller:
        now = self._clock()
        device, nonce = signature.verified(message, lambda index: _key(standing.roster, index))
        spent = self._nonces.expiry(nonce, now)
        known = standing.roster.device(device)
        if known is None or known.state > lowest:
            raise problems.not_active()
        return Caller(standing, device, now, spent)

    def _work(self, caller: Caller, work: Callable[[Connection], T]) -> T:
        """Work in one transaction; a refusal undoes the work but not the use of the nonce."""
        with self._database.transaction() as connection:
            self._nonces.use(connection, caller.nonce)
            try:
                with connection.begin_nested():
                    if caller.standing.district != NOT_HELD:
                        self._count(connection, caller)
                    return work(connection)
            except problems.Problem as problem:
                refusal = problem
        raise refusal

    def _count(self, connection: Connection, caller: Caller) -> None:
        place = (caller.standing.district, caller.device, caller.now)
        use.count_request(self._database, connection, *place, self.settings.requests_per_minute)

    def _invited(
        self, connection: Connection, district: str, invitation: bytes, message: Message, now: int
    ) -> Standing:
        standing = self._standing(connection, district)
        token = message.headers.get(exchange.TOKEN_HEADER.lower())
        self._enrolments.check_token(connection, standing.district, invitation, token, now)
        return standing


def _read(decode: Callable[[bytes], T], body: bytes) -> T:
    try:
        return decode(body)
    except ExchangeError as error:
        raise problems.unreadable() from error


def _name(district: str) -> bytes:
    """The hash in an address of 43 letters of base64url; other spellings of the same hash are unknown."""
    name = urlsafe_b64decode(district + "=")
    if exchange.district_path(name) != district:
        raise problems.unknown_district()
    return name


def _key(roster: Roster, index: int) -> Ed25519PublicKey:
    device = roster.device(index)
    if device is None:
        raise problems.unknown_device()
    return Ed25519PublicKey.from_public_bytes(device.public_key)


def _standing_for(held: Standing | None, offered: Sequence[Roster]) -> Standing:
    if held is None:
        return Standing(NOT_HELD, newest(None, offered))
    return Standing(held.district, newest(held.roster, offered))


def _rosters(connection: Connection, standing: Standing) -> bytes:
    return exchange.encode_list(rosters_after(connection, standing.district, 0, exchange.MAX_LIST))
