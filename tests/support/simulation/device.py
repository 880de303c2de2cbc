"""One computer in a history: its store, its clock, its line, and the person before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.domain.records import Record
from app.services.ports import Conflict, Queries, Session
from app.services.restored import NotAgreedError
from sync.carriers.http import RelayRefusedError, RelayUnreachableError
from sync.district.rosters import DeviceSuspendedError
from sync.home import Home
from sync.rounds.exchange import Delivery
from sync.rounds.status import RoundReport
from sync.taking.asking import standing_ask
from sync.workplace import Workplace
from tests.support.invented.people import Invented
from tests.support.ports import SeededEntropy, SteeredClock
from tests.support.simulation.disk import Disk
from tests.support.simulation.district import bring_back, open_home, put_vault
from tests.support.simulation.line import RoughLine
from tests.support.simulation.programs import Program, run, tables_of_today


@dataclass
class Copy:
    """A copy of a disk: what of the device's own writing it holds, and what was under way to it."""

    holds: frozenset[str]
    awaits: tuple[Delivery, ...]


@dataclass
class BackedUp:
    """Backups of a device in a folder, each with what it holds of the device's own writing."""

    folder: Path
    holds: dict[Path, Copy] = field(default_factory=dict)
    made: dict[Path, int] = field(default_factory=dict)
    """When each file was written: one of the same name may take its place."""

    def there(self) -> list[Path]:
        """Give those that are there, the oldest first."""
        return sorted(self.folder.glob("*.kimbackup")) if self.folder.exists() else []


@dataclass
class SimDevice:
    """One person's computer; `forms` are open on it, `views` are conflicts being looked at."""

    name: str
    person: Invented
    home: Path
    disk: Disk
    line: RoughLine
    clock: SteeredClock
    seed: str
    program: Program = Program.TODAY
    starts: int = 0
    place: Workplace | None = None
    forms: list[Record] = field(default_factory=list)
    views: list[Conflict] = field(default_factory=list)
    questions: list[Conflict] = field(default_factory=list)
    """Conflicts being looked at over what stands, belongs, or is one."""
    copy: Copy | None = None
    backups: BackedUp | None = None
    in_a_drawer: bool = False
    """Whether nobody opens this computer any more: it brings nothing, and hears nothing."""

    @property
    def by(self) -> tuple[str, str]:
        """Who writes here: person and device."""
        return self.person.name, self.name

    @property
    def database(self) -> Path:
        """The store's path."""
        return Home(self.home).database

    @property
    def session(self) -> Session:
        """What services are given."""
        return self.open.session

    @property
    def queries(self) -> Queries:
        """What this device shows."""
        return self.open.session.store.queries

    @property
    def open(self) -> Workplace:
        """The workplace, unlocked when it is not open: each time in a new session."""
        run(self.program)
        if self.place is None:
            self.starts += 1
            entropy = SeededEntropy(f"{self.seed}/{self.name}/{self.starts}")
            self.place = open_home(self.home, self.clock, entropy, self.line)
        return self.place

    @property
    def is_usable(self) -> bool:
        """Tell whether more than the page of syncing is shown."""
        return self.open.backups.restored is None

    @property
    def misses(self) -> bool:
        """Tell whether this device knows of places that did not come."""
        with self.open._engine.office.looking() as post:
            return bool(post.into.gaps())

    @property
    def ask(self) -> bytes | None:
        """What this device asks others for, as it stands signed."""
        with self.open._engine.office.looking() as post:
            return standing_ask(post)

    def install(self, program: Program) -> None:
        """Put another version of the program on this computer."""
        self.close()
        self.program = program
        if program is Program.BEFORE:
            # The district was begun by today's program: the older one would never have made these tables.
            with self.open._engine.office.transaction() as post:
                for table in tables_of_today():
                    post.records.connection.execute(f"DROP TABLE {table}")  # type: ignore[attr-defined]  # SQL below every port
            self.close()

    def close(self) -> None:
        """Lock: open forms are gone, as a person would have to open them anew."""
        if self.place is not None:
            self.place.close()
        self.place = None
        self.forms.clear()
        self.views.clear()
        self.questions.clear()

    def round(self) -> RoundReport | None:
        """Make a round; gives None when the line did not hold, or nobody agreed or is there to make one."""
        if self.in_a_drawer:
            return None
        found = self.open.backups.restored
        try:
            report = self.open.run_round(lambda _done, _total: None, lambda: False)
            if found is not None and not found.agreed:
                raise RuntimeError("a round before anybody agreed to it")
            return report
        except RelayRefusedError as error:
            raise RuntimeError("a relay refuses who could have brought what it lacks") from error
        except (RelayUnreachableError, DeviceSuspendedError, NotAgreedError):
            return None

    def back_up(self, folder: Path) -> None:
        """Make a backup by the program's own way."""
        folder.mkdir(parents=True, exist_ok=True)
        put_vault(self.home)
        self.open.backups.set_folder(folder)
        self.backups = self.backups or BackedUp(folder)
        self.open.backups.make(lambda _done, _total: None, lambda: False)

    def bring_back(self, backup: Path, copy: Copy) -> None:
        """Bring a backup back by the program's own way; nobody has agreed to anything yet."""
        self.close()
        run(self.program)
        self.starts += 1
        entropy = SeededEntropy(f"{self.seed}/{self.name}/{self.starts}")
        self.place = bring_back(self.home, backup, self.clock, entropy, self.line)
        self.line.bring_again(copy.awaits)

    def keep_copy(self, holds: frozenset[str]) -> None:
        """Copy the disk, on which so much of the device's own writing is."""
        self.close()
        self.disk.copy(self.database, self._copied)
        self.copy = Copy(holds, self.line.under_way())

    def set_back(self, copy: Copy) -> None:
        """Put the copy in the disk's place."""
        self.close()
        self.disk.copy(self._copied, self.database)
        self.line.bring_again(copy.awaits)

    def swap(self, left: Copy) -> None:
        """Go on with the copy, and leave the disk of now as the copy: two computers under one name."""
        self.close()
        aside = self._copied.parent.with_name("aside") / self._copied.name
        self.disk.copy(self.database, aside)
        self.disk.copy(self._copied, self.database)
        self.disk.copy(aside, self._copied)
        self.line.bring_again(self.copy.awaits if self.copy else ())
        self.copy = left

    @property
    def _copied(self) -> Path:
        return self.home.parent / "copies" / self.name / "store" / self.database.name
