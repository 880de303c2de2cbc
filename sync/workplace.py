"""An unlocked workplace: what the screen and the command line are given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from app.domain.audience import Member
from app.domain.errors import KimError
from app.services.figures import refresh_due_figures
from app.services.ports import Session, Store
from app.services.restored import refuse_unagreed
from sync.carriers import Cancelled, Progress
from sync.carriers.http import HttpCarrier, MemoryNonces
from sync.district.keepers import Computer, Keepers, RosterState, Step
from sync.district.members import RosterMembers
from sync.district.proposals import Proposal
from sync.district.roster_words import RosterFact, RosterNews
from sync.district.rosters import Rosters
from sync.engine import Engine
from sync.entry.joining import Applicant, Joining
from sync.entry.moving import Moving
from sync.folder.facade import Folder
from sync.folder.keys import renew_folder_key
from sync.handing.handovers import Handovers
from sync.handing.joined_files import JoinedFiles
from sync.read_log.facade import ReadLog
from sync.recovery.backups import Backups
from sync.recovery.held_files import HeldFiles
from sync.removal.ended_access import EndedAccess
from sync.removal.orders import Orders
from sync.roster import Roster
from sync.round import Round
from sync.rounds.rest import unless_at_rest
from sync.rounds.status import Gap, Parcel, RoundReport, SyncStatus, sync_status

__all__ = [
    "Applicant",
    "Computer",
    "Gap",
    "HeldFiles",
    "Keepers",
    "Moving",
    "Parcel",
    "Proposal",
    "RosterFact",
    "RosterNews",
    "RosterState",
    "RoundReport",
    "Step",
    "SyncStatus",
    "Workplace",
]

_NONCE = "nonce:"


class Workplace:
    """A person's open store with the way to the relay. Rounds, invitations and status may block."""

    def __init__(
        self, engine: Engine, store: Store, close: Callable[[], None], backups: Backups, *, cleared: bool
    ) -> None:
        """Take over a store, opened for who is `cleared` or not; `close` gives up store, keys and lock."""
        self._engine = engine
        self._store = store
        self._close = close
        self._cleared = cleared
        self._members = RosterMembers(lambda: engine.roster)
        self._nonces = MemoryNonces()
        self._carrier: HttpCarrier | None = None
        self._relays: tuple[str, ...] = ()
        self._line = Lock()
        self._session: tuple[Roster, Session] | None = None
        self.backups = backups
        self.offline_key = ""
        """The offline keeper key as text, only until the workplace that set a district up is closed."""

    @property
    def session(self) -> Session:
        """The unlocked store with the member who works in it, for services."""
        engine = self._engine
        if self._session is None or self._session[0] is not engine.roster:
            self._session = (engine.roster, self._session_of(engine))
        return self._session[1]

    def _session_of(self, engine: Engine) -> Session:
        return Session(
            store=self._store,
            clock=engine.clock,
            entropy=engine.entropy,
            members=self._members,
            me=engine.me.id,
            district_code=engine.roster.code,
            number_slot=engine.device.slot,
            employer_key=engine.me.employer,
        )

    @property
    def roster(self) -> Roster:
        """The roster that this device goes by now."""
        return self._engine.roster

    @property
    def new_clearance(self) -> bool | None:
        """Whether the person is cleared now, when it was otherwise at unlocking; None when it was not.

        What a person may read is worked out when the store is opened.
        """
        cleared = self._engine.me.cleared
        return None if cleared == self._cleared else cleared

    @property
    def is_keeper(self) -> bool:
        """Whether the person may invite and admit."""
        return self._engine.me.id in self._engine.roster.keepers

    @property
    def orders(self) -> Orders:
        """Orders: giving, signing and carrying them out."""
        return Orders(self._engine, self.session, self.backups.remake)

    @property
    def read_log(self) -> ReadLog:
        """The log of reads, prints and exports."""
        return ReadLog(self._engine)

    @property
    def folder(self) -> Folder:
        """Exchange by a stick or a shared drive."""
        return Folder(self._engine, self._line, self._prepare, self._finish_orders)

    @property
    def keepers(self) -> Keepers:
        """The roster: what keepers do with it, what everybody is told of it."""
        return Keepers(self._engine, self._rosters)

    @property
    def joined_files(self) -> JoinedFiles:
        """Putting case files together."""
        return JoinedFiles(self._engine, self.session)

    @property
    def handovers(self) -> Handovers:
        """How handovers stand; receipts and giving up."""
        return Handovers(self._engine, self.session)

    def run_round(self, progress: Progress, cancelled: Cancelled) -> RoundReport:
        """Make one round; raises RoundCancelledError, RelayUnreachableError, NotAgreedError and others."""
        with self._line:
            self._prepare()
            carrier = self._open_carrier()
            try:
                report = Round(self._engine, carrier, self._rosters()).run(progress, cancelled)
                self._finish_orders()
                return report
            finally:
                self._keep_nonces()

    def status(self) -> SyncStatus:
        """Tell how syncing stands; asks nobody outside."""
        return sync_status(self._engine)

    def invite(self, person: Member, *, by_file: bool = False) -> bytes:
        """Give an invitation file's content for somebody new (id 0) or a member's next device.

        `by_file`: they answer by a file; the relay is not asked.
        """
        with self._line:
            return self._joining(by_file=by_file).invite(person)

    def read_application(self, content: bytes) -> Applicant:
        """Read an application that came as a file; raises EnrolmentFileError, EnrolmentError."""
        with self._line:
            return self._joining(by_file=True).read_application(content)

    def admission(self) -> bytes:
        """Give the file by which an admitted computer learns of it without the relay."""
        with self._line:
            return self._joining(by_file=True).admission()

    @property
    def moving(self) -> Moving:
        """Joining a district with all that was made alone; close and unlock anew after its `finish`."""
        return Moving(self._engine)

    def applicants(self) -> tuple[Applicant, ...]:
        """Ask the relay who answers an invitation."""
        with self._line:
            return self._joining().applicants()

    def admit(self, applicant: Applicant) -> Step:
        """Take an applicant in, after the six words were compared."""
        with self._line:
            return self._joining().admit(applicant)

    def publish_roster(self) -> None:
        """Give the relay the district's rosters; raises RelayUnreachableError."""
        with self._line:
            self._rosters().publish()

    def close(self) -> None:
        """Close connections and store, and take the keys out of memory."""
        with self._line:
            if self._carrier is not None:
                self._carrier.close()
                self._carrier = None
            self._close()

    def _prepare(self) -> None:
        """Write what an exchange should carry; raises NotAgreedError on a restored computer."""
        refuse_unagreed(self._store.queries)
        unless_at_rest(self._engine, "prepare", self._write_due, traffic=False)

    def _write_due(self) -> None:
        refresh_due_figures(self.session)
        self.handovers.prepare()
        EndedAccess(self._engine, self.orders).prepare()
        renew_folder_key(self.session, self._engine.roster)
        self.read_log.prepare()
        self.orders.prepare()

    def _finish_orders(self) -> None:
        """Carry out what came; what cannot be done now stays due, and nothing was confirmed."""
        self.backups.note_orders_taken()
        with suppress(KimError):
            self.orders.give_up(self.handovers.due())
            self.orders.finish()

    def resume_orders(self) -> None:
        """Go on with an erasure that was cut off; call it after opening. It blocks while there is one."""
        with self._line, suppress(KimError):
            self.orders.carry_out()

    def _joining(self, *, by_file: bool = False) -> Joining:
        relay = None if by_file or not self._engine.roster.relays else self._open_carrier()
        return Joining(self._engine, relay, self._rosters())

    def _rosters(self) -> Rosters:
        return Rosters(self._engine, self._open_carrier() if self._engine.roster.relays else None)

    def _open_carrier(self) -> HttpCarrier:
        roster = self._engine.roster
        if self._carrier is not None and self._relays != roster.relays:
            self._carrier.close()
            self._carrier = None
        if self._carrier is None:
            self._relays = roster.relays
            with self._engine.office.transaction() as post:
                for url in roster.relays:
                    kept = post.rounds.state(_NONCE + url.rstrip("/"))
                    self._nonces.put(url.rstrip("/"), (kept or b"").decode())
            self._carrier = HttpCarrier(
                roster.relays, roster.district, self._engine.index, self._engine.sign, self._nonces
            )
        return self._carrier

    def _keep_nonces(self) -> None:
        """Keep the next nonce over a restart, so that the next round needs no exchange to get one."""
        addresses = [url.rstrip("/") for url in self._engine.roster.relays]
        held = {_NONCE + url: self._nonces.get(url).encode() or None for url in addresses}
        with self._engine.office.looking() as post:
            new = {name: nonce for name, nonce in held.items() if post.rounds.state(name) != nonce}
        if new:
            with self._engine.office.transaction() as post:
                for name, nonce in new.items():
                    post.rounds.put_mark(name, nonce)
