"""What keepers do with the roster, and what everybody is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.audience import Member, Role
from app.domain.declarations import PARCEL_RELEASE
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import new_record
from app.services.mailbox import ParcelKind
from sync.district.proposals import Proposal, Proposals
from sync.district.roster_chain import verify_successor
from sync.district.roster_shelf import rivals_of
from sync.district.roster_words import RosterNews, roster_news
from sync.district.rosters import Rosters
from sync.district.safe_key import SafeKey, check_words, make_safe_key, read_safe_key
from sync.engine import Engine
from sync.errors import RosterForkError, RosterSignaturesError
from sync.read_log.safe_seal import put_safe_seal
from sync.recovery.held_files import HeldFiles, files_held_by
from sync.recovery.suspension import RELEASABLE, last_accepted, read_before_suspension
from sync.roster import SAFE, Device, DeviceState, Roster, decode_roster, sign_roster, successor
from sync.taking.reading import Reading, Tally

EXTENDED_BY: Final = timedelta(days=365)
WARNED_BEFORE: Final = timedelta(days=30)
SILENT_MS: Final = int(timedelta(days=30).total_seconds() * 1000)
_SEEN: Final = "roster_news_seen"
_MS: Final = 1000


class NotKeeperError(KimError):
    """Only a keeper of the roster may do this."""

    error_id = "not_a_keeper"


class WrongOfflineKeyError(KimError):
    """What was typed is a key of this kind, but not the one that the roster names."""

    error_id = "offline_key"


class NotReleasableError(KimError):
    """A parcel is not here, or is wrong in a way that no person can mend."""

    error_id = "not_releasable"


class Step(StrEnum):
    """What became of a change of the roster."""

    DONE = "done"
    PROPOSED = "proposed"
    """Another keeper must sign it too."""


@dataclass(frozen=True)
class RosterState:
    """The roster in force: when it expires, and the versions in dispute while there is a fork."""

    version: int
    expires: date
    expired: bool
    expires_soon: bool
    disputed: tuple[RosterNews, ...]
    safe_words: str
    """The check words of the key in the safe, empty where there is none."""
    read_early: tuple[tuple[str, int], ...] = ()
    """Members whose suspended device sent parcels that were read here before the suspension came."""


@dataclass(frozen=True)
class Computer:
    """A device of the roster. `heard_ms`: when it was last known to have read or sent; None: never here."""

    index: int
    member: int
    name: str
    state: DeviceState
    mine: bool
    heard_ms: int | None
    silent: bool
    """Active, and not heard of for 30 days."""
    left: bool
    """Active still, of a member who has left: it takes part, and others wait for its receipts."""


class Keepers:
    """The roster of one device. Changes wait for the network, and change nothing when it fails."""

    def __init__(self, engine: Engine, rosters: Callable[[], Rosters]) -> None:
        """Publish by `rosters`, which are opened when first needed."""
        self._engine = engine
        self._rosters = rosters

    def state(self) -> RosterState:
        """Tell how the roster stands."""
        roster, today = self._engine.roster, self._today()
        soon = roster.expires - WARNED_BEFORE <= today <= roster.expires
        rivals = tuple(roster_news(self._before(rival), rival) for rival in rivals_of(self._engine))
        with self._engine.office.transaction() as post:
            early = read_before_suspension(post, roster)
        return RosterState(
            roster.version,
            roster.expires,
            today > roster.expires,
            soon,
            rivals,
            check_words(roster.offline_key) if roster.offline_key is not None else "",
            tuple((self._owner(index), count) for index, count in early.items()),
        )

    def news(self) -> tuple[RosterNews, ...]:
        """Give what each version brought, the newest first."""
        chain = self._chain()
        olds: Iterable[Roster | None] = (None, *chain)
        return tuple(reversed([roster_news(old, new) for old, new in zip(olds, chain, strict=False)]))

    def unread(self) -> int:
        """Tell how many versions came that nobody here has looked at; those before it joined are no news."""
        with self._engine.office.transaction() as post:
            seen = post.rounds.state(_SEEN)
            known = len(post.keys.rosters())
            if seen is None:
                post.rounds.put_state(_SEEN, known.to_bytes(4, "big"))
        return 0 if seen is None else max(0, known - int.from_bytes(seen, "big"))

    def mark_read(self) -> None:
        """Note that a person has looked at all news."""
        with self._engine.office.transaction() as post:
            post.rounds.put_state(_SEEN, len(post.keys.rosters()).to_bytes(4, "big"))

    def computers(self) -> tuple[Computer, ...]:
        """Give every device with its state and when it was last heard of."""
        with self._engine.office.transaction() as post:
            read, sent = post.out.last_read(), post.into.last_heard()
        return tuple(
            self._computer(device, max(read.get(device.index, 0), sent.get(device.index, 0)))
            for device in self._engine.roster.devices
        )

    def suspend(self, index: int, offline: str = "") -> HeldFiles:
        """Suspend a device at once, alone; gives the case files that it held."""
        with self._engine.office.transaction() as post:
            accepted = last_accepted(post, index)
        self._change_device(index, offline, state=DeviceState.SUSPENDED, accepted=accepted)
        return self.files_held_by(index)

    def lift(self, index: int, offline: str = "") -> Step:
        """Lift a suspension."""
        return self._change_device(index, offline, state=DeviceState.ACTIVE, accepted=())

    def revoke(self, index: int, offline: str = "") -> Step:
        """Revoke a device for good."""
        device = self._device(index)
        with self._engine.office.transaction() as post:
            accepted = device.accepted or last_accepted(post, index)
        return self._change_device(index, offline, state=DeviceState.REVOKED, accepted=accepted)

    def change_member(self, member: Member, offline: str = "", keeper: bool | None = None) -> Step:
        """Change role, clearance, supervisor, employer, duties or name of a member, or let one leave.

        `keeper`: whether to be one, too; None leaves that as it is. Nobody but a supervisor is.
        """
        roster = self._engine.roster
        members = tuple(member if item.id == member.id else item for item in roster.members)
        stays = (member.id in roster.keepers) if keeper is None else keeper
        others = roster.keepers - {member.id}
        keepers = others | {member.id} if stays and member.role is Role.SUPERVISOR else others
        return self.bring(successor(roster, members=members, keepers=keepers), offline)

    def clear(self, member: int, cleared: bool, offline: str = "") -> Step:
        """Let a member read sensitive entries, or no longer."""
        return self.change_member(replace(self._member(member), cleared=cleared), offline)

    def change_role(self, member: int, role: Role, supervisor: int | None = None, offline: str = "") -> Step:
        """Give a member another role; `supervisor` is that of a case manager."""
        changed = replace(self._member(member), role=role, supervisor=supervisor)
        return self.change_member(changed, offline)

    def make_keeper(self, member: int, offline: str = "") -> Step:
        """Make a supervisor a keeper."""
        roster = self._engine.roster
        return self.bring(successor(roster, keepers=roster.keepers | {member}), offline)

    def end_keeper(self, member: int, offline: str = "") -> Step:
        """Let a member be a keeper no longer."""
        roster = self._engine.roster
        return self.bring(successor(roster, keepers=roster.keepers - {member}), offline)

    def extend(self, until: date | None = None, offline: str = "") -> Step:
        """Let the roster expire later: in a year, unless a day is given."""
        return self.bring(
            successor(self._engine.roster, expires=until or self._today() + EXTENDED_BY), offline
        )

    def move_relays(self, addresses: tuple[str, ...], offline: str = "") -> Step:
        """Name other relays, or the first one."""
        return self.bring(successor(self._engine.roster, relays=addresses), offline)

    def new_offline_key(self, offline: str = "") -> tuple[Step, str]:
        """Name a new offline keeper key; gives its text, to be printed once and kept nowhere else."""
        printed = make_safe_key(self._engine.entropy)
        with self._engine.office.transaction() as post:
            put_safe_seal(post.records, self._engine.roster.district, printed)
        step = self.bring(successor(self._engine.roster, offline_key=printed.public), offline)
        return step, printed.text

    def bring(self, roster: Roster, offline: str = "", reason: str = "") -> Step:
        """Sign an unsigned next roster and publish it, or propose it where another keeper must sign too.

        `offline`: the offline key as typed, where it is to sign besides.
        """
        self._refuse_fork()
        mine = self._signed(replace(roster, made=max(roster.made, self._today())), offline)
        try:
            verify_successor(self._engine.roster, mine)
        except RosterSignaturesError as error:
            if offline or not int(error.params["valid"]):
                raise
            with self._engine.office.transaction() as post:
                Proposals(self._engine, post).put(mine, reason)
            return Step.PROPOSED
        self._post(mine)
        return Step.DONE

    def proposals(self) -> tuple[Proposal, ...]:
        """Give what keepers propose and may still be signed."""
        with self._engine.office.transaction() as post:
            return Proposals(self._engine, post).open_ones()

    def sign(self, proposal: Dot, offline: str = "") -> None:
        """Sign a proposal as a second keeper, or with the offline key, and publish it.

        Raises ProposalError when the roster has moved on, RosterSignaturesError when it is still too few.
        """
        self._refuse_fork()
        with self._engine.office.transaction() as post:
            roster = Proposals(self._engine, post).roster(proposal)
        self._post(self._signed(roster, offline))

    def withdraw(self, proposal: Dot) -> None:
        """Take an own proposal back."""
        with self._engine.office.transaction() as post:
            Proposals(self._engine, post).withdraw(proposal)

    def end_fork(self, offline: str = "", keep: int = 0) -> None:
        """End a fork: follow rival number `keep` of `state().disputed`, and refuse the other.

        Raises RosterSignaturesError unless as many keepers sign as anything may need.
        """
        rivals = list(rivals_of(self._engine))
        if len(rivals) < 2:
            return
        kept = rivals.pop(keep)
        following = replace(successor(kept, made=self._today()), previous=(kept.hash, rivals[0].hash))
        self._post(self._signed(following, offline), kept)

    def files_held_by(self, index: int) -> HeldFiles:
        """Give the case files that a device held, as far as this device can know."""
        return files_held_by(self._engine, self._device(index))

    def release(self, digest: bytes, reason: str) -> Tally:
        """Let a parcel through that was set aside because of its sender; everybody is told with the reason.

        Raises NotKeeperError, NotReleasableError.
        """
        self._check_keeper()
        with self._engine.office.transaction() as post:
            parcel = post.into.parcel(digest)
            if parcel is None or parcel.kind is not ParcelKind.ENVELOPE or parcel.reason not in RELEASABLE:
                raise NotReleasableError
            form = new_record(PARCEL_RELEASE, released_parcel=digest, release_reason=reason)
            post.records.save(None, form)
        return self.read_again()

    def read_again(self) -> Tally:
        """Read once more all that is held or quarantined."""
        tally = Tally(news=True)
        Reading(self._engine).read_again(tally)
        return tally

    def _owner(self, index: int) -> str:
        member = self._engine.roster.member_of_device(index)
        return "" if member is None else member.name

    def _computer(self, device: Device, heard: int) -> Computer:
        mine, active = device.index == self._engine.index, device.state is DeviceState.ACTIVE
        old = bool(heard) and self._engine.relay_now_ms() - heard > SILENT_MS
        owner = self._engine.roster.member_of_device(device.index)
        return Computer(
            device.index,
            device.member,
            self._owner(device.index),
            device.state,
            mine,
            heard or None,
            silent=old and active and not mine,
            left=active and owner is not None and not owner.active,
        )

    def _change_device(self, index: int, offline: str, **changes: object) -> Step:
        changed = replace(self._device(index), **changes)  # type: ignore[arg-type]  # names and types are Device's own
        roster = self._engine.roster
        devices = tuple(changed if device.index == index else device for device in roster.devices)
        return self.bring(successor(roster, devices=devices), offline)

    def _post(self, roster: Roster, before: Roster | None = None) -> None:
        self._rosters().post(roster, before)
        self.read_again()

    def _signed(self, roster: Roster, offline: str) -> Roster:
        if self._engine.me.id in self._engine.roster.keepers:
            roster = sign_roster(roster, self._engine.index, self._engine.sign)
        elif not offline:
            raise NotKeeperError
        return sign_roster(roster, SAFE, self._typed(offline).sign) if offline else roster

    def _typed(self, offline: str) -> SafeKey:
        key = read_safe_key(offline)
        if key.public != self._engine.roster.offline_key:
            raise WrongOfflineKeyError
        return key

    def _refuse_fork(self) -> None:
        if rivals_of(self._engine):
            raise RosterForkError(version=self._engine.roster.version + 1)

    def _check_keeper(self) -> None:
        if self._engine.me.id not in self._engine.roster.keepers:
            raise NotKeeperError

    def _device(self, index: int) -> Device:
        return next(device for device in self._engine.roster.devices if device.index == index)

    def _member(self, member_id: int) -> Member:
        return next(member for member in self._engine.roster.members if member.id == member_id)

    def _chain(self) -> tuple[Roster, ...]:
        with self._engine.office.transaction() as post:
            return tuple(map(decode_roster, post.keys.rosters()))

    def _before(self, rival: Roster) -> Roster | None:
        return next((item for item in self._chain() if item.hash == rival.previous[0]), None)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._engine.relay_now_ms() / _MS, UTC).date()
