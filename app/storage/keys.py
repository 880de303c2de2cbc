"""Dots as single local integers: a small number for (device, session), and the sequence number."""

from __future__ import annotations

from struct import Struct, pack

from app.domain.dots import Context, Dot, Span
from app.storage.connection import Connection

SEQ_BITS = 32
_SEQ_MASK = (1 << SEQ_BITS) - 1
_WORD = 8
_MOST = 10_000
"""Dots that are kept; then they are worked out anew."""
_PACKED = Struct(">III")


class Keys:
    """Translates dots to local keys and back; local numbers never leave this store."""

    def __init__(self, connection: Connection) -> None:
        """Work over `connection`; a reader's instance never adds a source."""
        self._connection = connection
        self._ids: dict[tuple[int, int], int] = {}
        self._sources: dict[int, tuple[int, int]] = {}
        self._dots: dict[int, Dot] = {}
        self._keys: dict[Dot, int] = {}

    def forget(self) -> None:
        """Drop what was remembered of a transaction that was rolled back."""
        self._ids.clear()
        self._sources.clear()
        self._forget_dots()

    def key(self, dot: Dot) -> int:
        """Give the local key, adding the dot's source when it is new."""
        found = self._keys.get(dot)
        return self._keep(dot, self._source(dot.device, dot.session)) if found is None else found

    def known_key(self, dot: Dot) -> int | None:
        """Give the local key, or None when nothing of that device and session was ever seen."""
        found = self._keys.get(dot)
        if found is not None:
            return found
        source = self._find(dot.device, dot.session)
        return None if source is None else self._keep(dot, source)

    def dot(self, key: int) -> Dot:
        """Give the dot that a local key stands for."""
        found = self._dots.get(key)
        if found is None:
            found = Dot(*self._origin(key >> SEQ_BITS), key & _SEQ_MASK)
            self._keep(found, key >> SEQ_BITS)
        return found

    def _keep(self, dot: Dot, source: int) -> int:
        """Keep both names of a change, for they are asked for again and again; gives the local one."""
        key = (source << SEQ_BITS) | dot.seq
        if len(self._dots) >= _MOST:
            self._forget_dots()
        if dot.seq <= _SEQ_MASK:
            self._dots[key] = dot
            self._keys[dot] = key
        return key

    def _forget_dots(self) -> None:
        self._dots.clear()
        self._keys.clear()

    def _origin(self, source: int) -> tuple[int, int]:
        """Give the device and session that a small number stands for."""
        found = self._sources.get(source)
        if found is None:
            found = self._sources[source] = self._read_source(source)
            self._ids[found] = source
        return found

    def _read_source(self, source: int) -> tuple[int, int]:
        sql = "SELECT device, session FROM source WHERE id = ?"
        row = self._connection.execute(sql, (source,)).fetchone()
        return int.from_bytes(row[0], "big"), int.from_bytes(row[1], "big")

    def pack(self, context: Context) -> bytes:
        """Give a context as local bytes: 12 a run (source, first, last)."""
        numbers: list[int] = []
        for device, session, first, last in context.spans:
            numbers += (self._source(device, session), first, last)
        return pack(f">{len(numbers)}I", *numbers)

    def unpack(self, data: bytes) -> Context:
        """Give the context that `pack` wrote."""
        runs = _PACKED.iter_unpack(data)
        return Context(tuple(Span(*self._origin(source), first, last) for source, first, last in runs))

    def _source(self, device: int, session: int) -> int:
        found = self._find(device, session)
        if found is None:
            names = (device.to_bytes(_WORD, "big"), session.to_bytes(_WORD, "big"))
            cursor = self._connection.execute("INSERT INTO source (device, session) VALUES (?, ?)", names)
            found = int(cursor.lastrowid or 0)
            self._ids[device, session] = found
            self._sources[found] = (device, session)
        return found

    def _find(self, device: int, session: int) -> int | None:
        found = self._ids.get((device, session))
        if found is None:
            names = (device.to_bytes(_WORD, "big"), session.to_bytes(_WORD, "big"))
            row = self._connection.execute(
                "SELECT id FROM source WHERE device = ? AND session = ?", names
            ).fetchone()
            if row is not None:
                found = self._ids[device, session] = int(row[0])
                self._sources[found] = (device, session)
        return found
