"""Opening the log: a keeper asks with a reason and names who is present, another agrees, then it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.declarations import LOG_AGREEMENT, LOG_KEY, LOG_OPENING, READ_ENTRIES
from app.domain.dots import Dot, hlc_ms
from app.domain.errors import KimError
from app.domain.records import Record, new_record
from app.services.read_log import LogLine, LogOpening
from sync.district.safe_key import SafeKey
from sync.engine import Engine
from sync.errors import ReadingError
from sync.ports import Post
from sync.read_log.documents import (
    LogKey,
    open_notes,
    open_share,
    open_shares,
    read_log_key,
    seal_shares,
    secret_of,
    shares_info,
)
from sync.read_log.writing import document_of, prekey_of
from sync.roster import SAFE, Device

_AT_ONCE = 300


class ReadLogError(KimError):
    """The read log cannot be opened."""

    error_id = "read_log"


class OpeningIncompleteError(ReadLogError):
    """Reason, data protection officer and staff council must be named."""

    error_id = "opening_incomplete"


class OpeningNotAgreedError(ReadLogError):
    """No second keeper has agreed, or not for the keeper who reads."""

    error_id = "opening_not_agreed"


class OwnOpeningError(ReadLogError):
    """Nobody agrees to an opening of their own."""

    error_id = "own_opening"


Shares = dict[Dot, dict[int, bytes]]
"""By log key: the shares known of keeper keys."""


class Opening:
    """The steps of the procedure; each in the caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        """Work for one keeper's device."""
        self._engine = engine

    def all(self, post: Post) -> tuple[LogOpening, ...]:
        """Give every opening that was asked for, the newest first."""
        agreements = post.records.records(LOG_AGREEMENT.name, None)
        records = sorted(
            post.records.records(LOG_OPENING.name, None), key=lambda item: item.updated_hlc, reverse=True
        )
        return tuple(self._opening(record, record.id, agreements) for record in records if record.id)

    def ask(self, post: Post, reason: str, officer: str, council: str) -> Dot:
        """Ask; raises OpeningIncompleteError unless all three are given."""
        if not (reason.strip() and officer.strip() and council.strip()):
            raise OpeningIncompleteError
        form = new_record(
            LOG_OPENING, opening_reason=reason, officer_present=officer, council_present=council
        )
        record = post.records.save(None, form).record
        if record.id is None:
            raise OpeningIncompleteError
        return record.id

    def agree(self, post: Post, opening: Dot) -> None:
        """Agree as another keeper: the own shares go, sealed, to the device of the keeper who asked.

        Raises OwnOpeningError, and OpeningNotAgreedError while that device has no prekey here.
        """
        asker = self._device(opening)
        if asker is None or asker.member == self._engine.me.id:
            raise OwnOpeningError
        prekey = prekey_of(self._engine, post, asker)
        if prekey is None:
            raise OpeningNotAgreedError
        keys = (record.id for record in post.records.records(LOG_KEY.name, None) if record.id is not None)
        own = {key: share for key in keys if (share := post.read_log.share(key))}
        info = self._shares_info(opening, self._engine.index, asker.index)
        for part in _parts(own):
            sealed = seal_shares(part, info, prekey.public, self._engine.entropy, self._engine.agreement)
            self._note_agreement(post, opening, sealed, safe=False)

    def lines(self, post: Post, opening: Dot, safe: SafeKey | None) -> tuple[LogLine, ...]:
        """Give what was noted before the opening was asked for, the newest first.

        `safe`: the key from the safe as the second one; that it was used is noted. Raises
        OpeningNotAgreedError unless this member asked and another keeper's key is there.
        """
        asked = next((item for item in self.all(post) if item.id == opening), None)
        if asked is None or asked.by != self._engine.me.id or not (asked.agreed or safe):
            raise OpeningNotAgreedError
        if safe is not None and not asked.safe:
            self._note_agreement(post, opening, b"", safe=True)
        shares = self._shares(post, opening, safe)
        records = post.records.records(READ_ENTRIES.name, None)
        lines = [line for record in records for line in self._read(post, record, shares)]
        shown = [line for line in lines if line.at_ms <= asked.at_ms]
        return tuple(sorted(shown, key=lambda line: (-line.at_ms, line.number, line.act)))

    def _opening(self, record: Record, name: Dot, agreements: Iterable[Record]) -> LogOpening:
        mine = [item for item in agreements if item.reference("agreed_opening") == name]
        asker = self._member(name)
        givers = (self._member(item.id) for item in mine if item.id and not item.values.get("with_safe_key"))
        return LogOpening(
            name,
            asker,
            hlc_ms(record.updated_hlc),
            record.text("opening_reason"),
            record.text("officer_present"),
            record.text("council_present"),
            tuple(sorted({giver for giver in givers if giver is not None and giver != asker})),
            any(bool(item.values.get("with_safe_key")) for item in mine),
        )

    def _note_agreement(self, post: Post, opening: Dot, sealed: bytes, *, safe: bool) -> None:
        form = new_record(
            LOG_AGREEMENT,
            agreed_opening=opening,
            with_safe_key=safe or None,
            agreed_shares=sealed or None,
        )
        post.records.save(None, form)

    def _shares(self, post: Post, opening: Dot, safe: SafeKey | None) -> Shares:
        found: Shares = {}
        for record in post.records.records(LOG_KEY.name, None):
            if record.id is not None:
                found[record.id] = dict(self._own_shares(post, record, record.id, safe))
        privates = [item.private for item in post.keys.own_prekeys()]
        for agreement in post.records.records(LOG_AGREEMENT.name, None):
            if agreement.id is None or agreement.reference("agreed_opening") != opening:
                continue
            for key, index, share in self._given(agreement, agreement.id, opening, privates):
                found.setdefault(key, {})[index] = share
        return found

    def _own_shares(
        self, post: Post, record: Record, key: Dot, safe: SafeKey | None
    ) -> Iterator[tuple[int, bytes]]:
        own = post.read_log.share(key)
        if own:
            yield self._engine.index, own
        document = _log_key(record) if safe is not None else None
        if safe is not None and document is not None:
            district, agreement = self._engine.roster.district, self._engine.agreement
            share = open_share(document, SAFE, safe.seal_private, district, agreement)
            if share:
                yield SAFE, share

    def _given(
        self, agreement: Record, name: Dot, opening: Dot, privates: list[bytes]
    ) -> Iterator[tuple[Dot, int, bytes]]:
        giver, sealed = self._device(name), document_of(agreement, "agreed_shares")
        if giver is None or not sealed:
            return
        info = self._shares_info(opening, giver.index, self._engine.index)
        try:
            shares = open_shares(sealed, info, privates, self._engine.agreement)
        except ReadingError:
            return
        for key, share in shares.items():
            yield key, giver.index, share

    def _read(self, post: Post, record: Record, shares: Shares) -> Iterator[LogLine]:
        key = record.reference("entries_key")
        stored = None if key is None else post.records.record(LOG_KEY.name, key)
        document = None if stored is None else _log_key(stored)
        if key is None or document is None or record.id is None:
            return
        secret = secret_of(document, shares.get(key, {}))
        if secret is None:
            return
        try:
            notes = open_notes(document_of(record, "read_entries"), secret)
        except ReadingError:
            return
        for note in notes:
            yield LogLine(self._member(record.id), note.act, note.case, note.number, note.at_ms)

    def _shares_info(self, opening: Dot, giver: int, asker: int) -> bytes:
        return shares_info(self._engine.roster.district, opening, giver, asker)

    def _device(self, dot: Dot) -> Device | None:
        return self._engine.roster.device_by_id(dot.device)

    def _member(self, dot: Dot) -> int | None:
        device = self._device(dot)
        return None if device is None else device.member


def _log_key(record: Record) -> LogKey | None:
    try:
        return read_log_key(document_of(record, "log_key"))
    except ReadingError:
        return None


def _parts(shares: dict[Dot, bytes]) -> Iterator[dict[Dot, bytes]]:
    items = sorted(shares.items())
    for at in range(0, max(len(items), 1), _AT_ONCE):
        yield dict(items[at : at + _AT_ONCE])
