"""Which case file a record belongs to, and which case files are read as one: worked out from the changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cbor2

from app.domain.aliases import Alias, Merged, Word, counting, merge_case_files
from app.domain.dots import Dot
from app.domain.links import linked_case
from app.domain.merge import Change
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.kept import Part
from app.storage.keys import Keys

_ASSIGNING = (
    "SELECT value FROM change WHERE case_file = ? AND (type = 'StandIn' AND register = 'stand_in'"
    " OR type = 'CaseFile' AND register IN ('responsible', 'supervision'))"
)


class Belonging:
    """Reads and keeps `alias`, `merged` and `moved`; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys
        self._log = log

    def canonical(self, case: int) -> int:
        """Give the key of the case file under which `case` is read."""
        return self.group(case)[0]

    def group(self, case: int) -> tuple[int, ...]:
        """Give the keys of the case files that are one with `case`, the canonical one first."""
        return self._log.kept.of(Part.MERGED, (), self._groups).get(case, (case,))

    def _groups(self) -> dict[int, tuple[int, ...]]:
        """Give the group of every case file that is one with another: they are few."""
        files: dict[int, list[int]] = {}
        sql = "SELECT canonical, case_file FROM merged ORDER BY case_file"
        for root, case in self._connection.execute(sql):
            files.setdefault(int(root), []).append(int(case))
        return {case: (root, *others) for root, others in files.items() for case in (root, *others)}

    def is_merged(self, case: int) -> bool:
        """Tell whether a case file is read under another one."""
        return self.canonical(case) != case

    def is_used(self) -> bool:
        """Tell whether any record was moved, or any case file is read under another one."""
        return self._log.kept.of(Part.MERGED, ("used",), self._is_used)

    def _is_used(self) -> bool:
        sql = "SELECT EXISTS (SELECT 1 FROM moved) OR EXISTS (SELECT 1 FROM merged)"
        return bool(self._connection.execute(sql).fetchone()[0])

    def home(self, record: int, made_in: int | None) -> int | None:
        """Give the case file that a record belongs to, `made_in` unless it was moved."""
        row = self._connection.execute("SELECT case_file FROM moved WHERE record = ?", (record,)).fetchone()
        found = made_in if row is None else int(row[0])
        return None if found is None else self.canonical(found)

    def condition(self, case: int) -> str:
        """Give the SQL condition by which a change is one of a case file's, with what was merged or moved."""
        group = _listed(self.group(case))
        arrived = self._connection.execute(
            f"SELECT record, origin FROM moved WHERE case_file IN ({group})"
        ).fetchall()
        away = self._connection.execute(
            f"SELECT record FROM moved WHERE origin IN ({group}) AND case_file NOT IN ({group})"
        ).fetchall()
        stays = f"change.case_file IN ({group})"
        if away:
            stays += f" AND change.record NOT IN ({_listed(row[0] for row in away)})"
        if not arrived:
            return f"({stays})"
        records, origins = _listed(row[0] for row in arrived), _listed({row[1] for row in arrived})
        return f"({stays} OR change.case_file IN ({origins}) AND change.record IN ({records}))"

    def history_condition(self, case: int) -> str:
        """Give the condition for a case file's history: what left it is told too, and nothing else of it."""
        group = _listed(self.group(case))
        left = (
            f"change.case_file IN ({group}) AND change.register = 'belongs' AND change.dot <> change.record"
        )
        return f"({self.condition(case)} OR {left})"

    def note_home(self, record: int, origin: int | None, case: int) -> None:
        """Note where a record belongs now: one that went to an erased case file stays where it was made."""
        if origin is not None and self._is_erased(case):
            case = origin
        if origin is None or origin == case:
            moved = self._connection.execute("DELETE FROM moved WHERE record = ?", (record,)).rowcount
        else:
            row = (record, origin, case)
            moved = self._connection.execute("INSERT OR REPLACE INTO moved VALUES (?, ?, ?)", row).rowcount
        here = "UPDATE record SET case_file = ?1 WHERE id = ?2 AND case_file IS NOT ?1"
        moved += self._connection.execute(here, (case, record)).rowcount
        if moved:
            self._log.kept.note(Part.MERGED)
            self._log.kept.note_moved()

    def _is_erased(self, case: int) -> bool:
        sql = "SELECT 1 FROM order_target WHERE what = 'case' AND target = ?"
        return self._connection.execute(sql, (case,)).fetchone() is not None

    def links(self, record: int, made_in: int) -> Iterator[tuple[Change, Dot | None]]:
        """Go through all changes that ever said where a record or a case file belongs; None: by itself."""
        rows = self._log.changes(
            "case_file = ? AND record = ? AND register IN ('belongs', 'alias')", (made_in, record), -1
        )
        for change in rows:
            yield change, linked_case(change)

    def note_alias(self, source: int, heads: Iterable[Change]) -> None:
        """Note the standing aliases of a case file."""
        self._connection.execute("DELETE FROM alias WHERE source = ?", (source,))
        for head in heads:
            into = linked_case(head)
            if into is not None and into != head.record:
                row = (self._keys.key(head.dot), source, self._keys.key(into), head.author)
                self._connection.execute("INSERT OR REPLACE INTO alias VALUES (?, ?, ?, ?)", row)
        self._log.kept.note_moved()

    def has_aliases(self) -> bool:
        """Tell whether any alias stands."""
        return self._connection.execute("SELECT 1 FROM alias LIMIT 1").fetchone() is not None

    def merge(self) -> tuple[Merged, frozenset[int]]:
        """Work out anew which case files are read as one; gives also those that are so with others now."""
        found = self.merged()
        rows: set[tuple[int, int]] = set()
        for root in set(found.canonical.values()):
            files = {root, *(case for case, top in found.canonical.items() if top == root)}
            top = self._readable(root, files)
            rows |= {(self._keys.key(case), self._keys.key(top)) for case in files - {top}}
        differing = rows ^ set(self._connection.execute("SELECT case_file, canonical FROM merged"))
        if differing:
            self._connection.execute("DELETE FROM merged")
            self._connection.executemany("INSERT INTO merged VALUES (?, ?)", sorted(rows))
            self._log.kept.note(Part.MERGED)
            self._log.kept.note_moved()
        return found, frozenset(key for row in differing for key in row)

    def _readable(self, root: Dot, files: set[Dot]) -> Dot:
        """Give the file under which all are read here: none may vanish behind one that has not come."""
        here = [case for case in sorted(files) if self._is_here(self._keys.key(case))]
        return root if root in here or not here else here[0]

    def _is_here(self, case: int) -> bool:
        sql = "SELECT 1 FROM change WHERE dot = ? AND record = dot"
        return self._connection.execute(sql, (case,)).fetchone() is not None

    def merged(self) -> Merged:
        """Give what the standing aliases come to; one by somebody who had no part in both counts not."""
        rows = self._connection.execute("SELECT dot FROM alias").fetchall()
        heads = {self._keys.dot(dot) for (dot,) in rows}
        return merge_case_files(alias for alias in self.joins() if alias.dot in heads)

    def joins(self) -> tuple[Alias, ...]:
        """Give every alias that ever counted, also where it was said later that it is over."""
        return self._log.kept.once(("joins",), lambda: counting(self._words(), self._worked_in))

    def _words(self) -> Iterator[Word]:
        for change in self._log.changes("register = 'alias' AND type = 'CaseFile' AND twin = 0", (), -1):
            into = linked_case(change)
            word = (change.dot, change.record, change.context, change.author)
            yield Word(*word) if into is None or into == change.record else Alias(*word, into)

    def ever_worked_in(self, file: Dot, member: int) -> bool:
        """Tell whether a member made a case file that is here, or was ever named in it."""
        case = self._keys.known_key(file)
        made = self._makers(case)
        return bool(made) and (member in made or self._was_named(case, member))

    def _worked_in(self, file: Dot, member: int) -> bool:
        """Tell whether a member ever worked in a case file; one that is not here is for others to judge."""
        case = self._keys.known_key(file)
        made = self._makers(case)
        return not made or member in made or self._was_named(case, member)

    def _makers(self, case: int | None) -> list[int]:
        sql = "SELECT author FROM change WHERE dot = ? AND record = dot"
        return [int(author) for (author,) in self._connection.execute(sql, (case,))]

    def _was_named(self, case: int | None, member: int) -> bool:
        rows = self._connection.execute(_ASSIGNING, (case,)).fetchall()
        return any(member in cbor2.loads(value).values() for (value,) in rows)


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(str(int(key)) for key in sorted(keys))
