"""The read log as services, the screen and the command line are given it."""

from __future__ import annotations

from app.domain.dots import Dot
from app.services.read_log import LogLine, LogOpening, ReadNote
from sync.district.keepers import NotKeeperError, WrongOfflineKeyError
from sync.district.safe_key import SafeKey, read_safe_key
from sync.engine import Engine
from sync.read_log.opening import Opening
from sync.read_log.writing import keep_shares, seal_waiting


class ReadLog:
    """Notes what is read, printed and exported; opens only by the procedure."""

    def __init__(self, engine: Engine) -> None:
        """Work for one open workplace."""
        self._engine = engine
        self._opening = Opening(engine)

    def note(self, case: Dot, act: str) -> None:
        """Note that a case file was opened, printed from or exported, once for each session."""
        with self._engine.office.transaction() as post:
            head = post.records.record("CaseFile", case)
            number = "" if head is None else head.text("number")
            note = ReadNote(case, number, act, self._engine.now_ms())
            post.read_log.note(note, self._engine.office.session)

    def prepare(self) -> None:
        """Before an exchange: seal what waits, and on a keeper's device keep its shares."""
        with self._engine.office.transaction() as post:
            seal_waiting(self._engine, post)
            keep_shares(self._engine, post)

    def openings(self) -> tuple[LogOpening, ...]:
        """Give every opening ever asked for, the newest first."""
        with self._engine.office.transaction() as post:
            return self._opening.all(post)

    def ask(self, reason: str, officer: str, council: str) -> Dot:
        """Ask to open the log; raises NotKeeperError and OpeningIncompleteError."""
        self._check_keeper()
        with self._engine.office.transaction() as post:
            return self._opening.ask(post, reason, officer, council)

    def agree(self, opening: Dot) -> None:
        """Agree to another's opening; raises NotKeeperError, OwnOpeningError, OpeningNotAgreedError."""
        self._check_keeper()
        with self._engine.office.transaction() as post:
            keep_shares(self._engine, post)
            self._opening.agree(post, opening)

    def lines(self, opening: Dot, offline: str = "") -> tuple[LogLine, ...]:
        """Read the log; `offline`: the key from the safe as typed, in place of a second keeper.

        Raises NotKeeperError, OpeningNotAgreedError, WrongOfflineKeyError and what `read_safe_key` raises.
        """
        self._check_keeper()
        safe = self._safe(offline) if offline else None
        with self._engine.office.transaction() as post:
            keep_shares(self._engine, post)
            return self._opening.lines(post, opening, safe)

    def _safe(self, typed: str) -> SafeKey:
        key = read_safe_key(typed)
        if key.public != self._engine.roster.offline_key:
            raise WrongOfflineKeyError
        return key

    def _check_keeper(self) -> None:
        if self._engine.me.id not in self._engine.roster.keepers:
            raise NotKeeperError
