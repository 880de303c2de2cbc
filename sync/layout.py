"""The compact body of an envelope: what every change repeats is said once, or not at all.

Columns instead of one map a change; `docs/sync.md` describes each. Names of types, registers and
fields are texts, so that what a newer program wrote passes through untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot, Span
from app.domain.merge import Change
from sync.encoding import wire
from sync.encoding.columns import following, groups, item_at, pack_clocks, unpack_clocks, unzigzag, zigzag
from sync.encoding.wire import U31, U63, U64, WireError, array, blob, integer, text
from sync.errors import LacksProgramError, LacksRosterError, WrongDotError, WrongSizeError
from sync.roster import Roster

Stream = tuple[int, int]
"""Device (as in dots) and session."""
_PARTS: Final = 10
_NESTING: Final = 4
_DOT_LENGTHS: Final = range(17, 25)


def canonical_change(change: Change) -> bytes:
    """Give the bytes of a change that its leaf hash covers: the same in every envelope and channel."""
    return wire.encode(
        [
            change.dot.to_bytes(),
            None if change.case is None else change.case.to_bytes(),
            change.record.to_bytes(),
            change.type,
            change.register,
            int(change.cls),
            change.value,
            [list(span) for span in change.context.spans],
            change.hlc,
            change.author,
            change.schema,
            change.reason,
        ]
    )


def pack_changes(changes: Sequence[Change], sender: int, session: int, roster: Roster) -> list[Any]:
    """Give the body of an envelope of the device with roster index `sender`, sealed in `session`.

    Raises WireError for a change that this device may not send: another device's dot, another
    member as author.
    """
    device = roster.device(sender)
    if device is None or any(change.author != device.member for change in changes):
        raise WireError(reason="author")
    if any(change.dot.device != device.id for change in changes):
        raise WrongDotError
    return _Packer(roster, (device.id, session)).pack(changes)


def unpack_changes(
    body: object, sender: int, session: int, roster: Roster, roster_version: int
) -> list[Change]:
    """Give the changes of a body, in the order of their sealing.

    Raises WireError, WrongDotError, LacksRosterError or LacksProgramError.
    """
    device = roster.device(sender)
    if device is None:
        raise LacksRosterError(known=roster.version, named=roster_version)
    return _Unpacker(array(body, _PARTS), roster, (device.id, session), roster_version).changes()


def pack_state(changes: Sequence[Change], sender: int, session: int, roster: Roster) -> list[Any]:
    """Give the columns of a checkpoint's changes, of whatever device of the roster.

    Raises WireError for a change whose author is not the member of the device that its dot names.
    """
    device = roster.device(sender)
    devices = {item.id: item for item in roster.devices}
    for change in changes:
        maker = devices.get(change.dot.device)
        if device is None or maker is None or maker.member != change.author:
            raise WireError(reason="author")
    return _Packer(roster, (device.id if device else 0, session)).pack(changes)


def unpack_state(
    body: object, sender: int, session: int, roster: Roster, roster_version: int
) -> list[Change]:
    """Give a checkpoint's changes, each with the member of its dot's device as author; raises as above."""
    device = roster.device(sender)
    if device is None:
        raise LacksRosterError(known=roster.version, named=roster_version)
    parts = array(body, _PARTS)
    return _Unpacker(parts, roster, (device.id, session), roster_version, of_all=True).changes()


class _Packer:
    def __init__(self, roster: Roster, own: Stream) -> None:
        self._roster = roster
        self._streams: dict[Stream, int] = {own: 0}
        self._names: dict[Dot, int] = {}
        self._items: dict[Dot, int] = {}
        self._shapes: dict[tuple[Any, ...], int] = {}
        self._near: dict[int, int] = {}

    def pack(self, changes: Sequence[Change]) -> list[Any]:
        items = self._pack_items(changes)
        runs = self._pack_runs([change.dot for change in changes])
        contexts = [number for change in changes for number in self._context(change.context)]
        rows = [self._row(change) for change in changes]
        reasons = [
            part
            for at, change in enumerate(changes)
            if change.reason is not None
            for part in (at, change.reason)
        ]
        streams = [[self._device(stream[0]), stream[1]] for stream in list(self._streams)[1:]]
        names = [number for dot in self._names for number in (self._streams[dot[:2]], dot.seq)]
        shapes = [[*shape[:4], None if shape[4] is None else list(shape[4])] for shape in self._shapes]
        hlcs = list(pack_clocks(change.hlc for change in changes))
        return [
            streams,
            names,
            shapes,
            items,
            runs,
            [at for at, _ in rows],
            hlcs,
            contexts,
            [r for _, r in rows],
            reasons,
        ]

    def _pack_items(self, changes: Sequence[Change]) -> list[int]:
        result: list[int] = []
        for (record, case), run in groupby(changes, key=lambda change: (change.record, change.case)):
            members = list(run)
            marker = 0 if record == members[0].dot and record not in self._items else self._ref(record)
            self._items.setdefault(record, len(result) // 3 + 1)
            result += [marker, 0 if case is None else self._ref(case), len(members)]
        return result

    def _pack_runs(self, dots: Sequence[Dot]) -> list[int]:
        result: list[int] = []
        expected: dict[int, int] = {}
        for (*_, stream), run in groupby(
            enumerate(dots), key=lambda item: (item[1].seq - item[0], item[1][:2])
        ):
            members = [dot for _, dot in run]
            at = self._stream(stream)
            result += [at, zigzag(members[0].seq - expected.get(at, 1)), len(members)]
            expected[at] = members[-1].seq + 1
        return result

    def _context(self, context: Context) -> Iterator[int]:
        yield len(context.spans)
        for span in context.spans:
            at = self._stream((span.device, span.session))
            yield from (at, zigzag(span.first - self._near.get(at, 0)), span.last - span.first)
            self._near[at] = span.last

    def _row(self, change: Change) -> tuple[int, Any]:
        fields = wire.decode_strict(change.value, limit=wire.VALUE_LIMIT)
        if type(fields) is not dict:
            raise WireError(reason="value_map")
        keys: tuple[str, ...] | None = tuple(fields)
        row: Any = [self._shortened(item) for item in fields.values()]
        if not _listable(fields) or any(type(item) is dict for item in fields.values()):
            keys, row = None, change.value
        shape = (change.type, change.register, int(change.cls), change.schema, keys)
        return self._shapes.setdefault(shape, len(self._shapes)), row

    def _shortened(self, item: object) -> object:
        dot = _as_dot(item)
        if dot is None or (dot not in self._items and dot[:2] not in self._streams):
            return item
        return {0: self._ref(dot)}

    def _ref(self, dot: Dot) -> int:
        if dot in self._items:
            return -self._items[dot]
        self._stream(dot[:2])
        return self._names.setdefault(dot, len(self._names) + 1)

    def _stream(self, stream: Stream) -> int:
        return self._streams.setdefault(stream, len(self._streams))

    def _device(self, device_id: int) -> int | bytes:
        device = self._roster.device_by_id(device_id)
        return device_id.to_bytes(8, "big") if device is None else device.index


class _Unpacker:
    def __init__(
        self, parts: list[Any], roster: Roster, own: Stream, roster_version: int, *, of_all: bool = False
    ) -> None:
        self._roster, self._own, self._roster_version = roster, own, roster_version
        self._of_all = of_all
        self._streams = [own, *(self._stream(row) for row in array(parts[0]))]
        self._names = [self._dot(*pair) for pair in groups(parts[1], 2)]
        self._shapes = [_shape(row) for row in array(parts[2])]
        self._values = array(parts[8])
        self._count = len(self._values)
        if not self._count:
            raise WireError(reason="no_changes")
        self._dots = self._unpack_runs(parts[4])
        self._records: list[Dot] = []
        self._places = self._unpack_items(parts[3])
        self._columns = parts

    def changes(self) -> list[Change]:
        parts = self._columns
        shapes = [item_at(self._shapes, number) for number in array(parts[5], self._count)]
        clocks = unpack_clocks(array(parts[6], self._count))
        contexts = self._contexts(parts[7])
        reasons = {integer(at, high=self._count - 1): text(reason) for at, reason in groups(parts[9], 2)}
        return [
            Change(
                dot=self._dots[at],
                case=case,
                record=record,
                type=shape[0],
                register=shape[1],
                cls=shape[2],
                value=self._value(shape[4], self._values[at]),
                context=context,
                hlc=clock,
                author=self._author(self._dots[at]),
                schema=shape[3],
                reason=reasons.get(at),
            )
            for at, ((record, case), shape, clock, context) in enumerate(
                zip(self._places, shapes, clocks, contexts, strict=True)
            )
        ]

    def _stream(self, row: object) -> Stream:
        device, session = array(row, 2)
        integer(session, high=U64)
        if type(device) is bytes:
            return int.from_bytes(blob(device, 8), "big"), session
        known = self._roster.device(integer(device))
        if known is None and self._roster_version > self._roster.version:
            raise LacksRosterError(known=self._roster.version, named=self._roster_version)
        if known is None:
            raise WireError(reason="device")
        return known.id, session

    def _author(self, dot: Dot) -> int:
        device = self._roster.device_by_id(dot.device)
        if device is None and self._roster_version > self._roster.version:
            raise LacksRosterError(known=self._roster.version, named=self._roster_version)
        if device is None:
            raise WrongDotError
        return device.member

    def _dot(self, stream: object, seq: object) -> Dot:
        device, session = item_at(self._streams, stream)
        return Dot(device, session, integer(seq, low=1, high=U63))

    def _unpack_runs(self, column: object) -> list[Dot]:
        dots: list[Dot] = []
        expected: dict[int, int] = {}
        for stream, gap, count in groups(column, 3):
            device, session = item_at(self._streams, stream)
            if device != self._own[0] and not self._of_all:
                raise WrongDotError
            integer(count, low=1, high=self._count - len(dots))
            first = expected.get(stream, 1) + unzigzag(gap)
            integer(first, low=1, high=U63 - count)
            dots += [Dot(device, session, seq) for seq in range(first, first + count)]
            expected[stream] = first + count
        if len(dots) != self._count:
            raise WireError(reason="count")
        return dots

    def _unpack_items(self, column: object) -> list[tuple[Dot, Dot | None]]:
        places: list[tuple[Dot, Dot | None]] = []
        for marker, case_ref, count in groups(column, 3):
            integer(count, low=1, high=self._count - len(places))
            record = self._dots[len(places)] if marker == 0 else self._named(marker)
            self._records.append(record)
            case = None if case_ref == 0 else self._named(case_ref)
            places += [(record, case)] * count
        if len(places) != self._count:
            raise WireError(reason="count")
        return places

    def _named(self, ref: object) -> Dot:
        number = integer(ref, low=-U31)
        if number == 0:
            raise WireError(reason="reference")
        return item_at(self._names, number - 1) if number > 0 else item_at(self._records, -number - 1)

    def _contexts(self, column: object) -> list[Context]:
        numbers = iter(array(column))
        near: dict[int, int] = {}
        room = wire.CONTEXT_LIMIT
        result = []
        for _ in range(self._count):
            spans = [self._span(numbers, near) for _ in range(following(numbers, wire.CONTEXT_LIMIT))]
            room -= sum(span.last - span.first + 1 for span in spans)
            if room < 0:
                raise WrongSizeError(size=wire.CONTEXT_LIMIT - room, limit=wire.CONTEXT_LIMIT)
            result.append(Context.from_spans(spans))
            if result[-1].spans != tuple(spans):
                raise WireError(reason="context_form")
        if next(numbers, None) is not None:
            raise WireError(reason="count")
        return result

    def _span(self, numbers: Iterator[Any], near: dict[int, int]) -> Span:
        at = following(numbers, U31)
        device, session = item_at(self._streams, at)
        first = near.get(at, 0) + unzigzag(next(numbers, None))
        last = first + following(numbers, wire.CONTEXT_LIMIT)
        integer(first, low=1, high=U63)
        near[at] = integer(last, low=1, high=U63)
        return Span(device, session, first, last)

    def _value(self, keys: list[str] | None, row: object) -> bytes:
        if keys is None:
            value = blob(row)
            if type(wire.decode_strict(value, limit=wire.VALUE_LIMIT)) is not dict:
                raise WireError(reason="value_map")
            return value
        items = array(row, len(keys))
        fields = {key: self._restored(item) for key, item in zip(keys, items, strict=True)}
        value = wire.encode(fields)
        if len(value) > wire.VALUE_LIMIT:
            raise WrongSizeError(size=len(value), limit=wire.VALUE_LIMIT)
        return value

    def _restored(self, item: object) -> object:
        if type(item) is not dict:
            return item
        if set(item) != {0}:
            raise WireError(reason="reference")
        return self._named(item[0]).to_bytes()


def _shape(row: object) -> tuple[str, str, RegisterClass, int, list[str] | None]:
    record_type, register, cls, schema, keys = array(row, 5)
    if integer(cls, low=1) not in {item.value for item in RegisterClass}:
        raise LacksProgramError(version=wire.WIRE_VERSION)
    names = None if keys is None else [text(key) for key in array(keys)]
    if names is not None and len(set(names)) != len(names):
        raise WireError(reason="doubled_key")
    return text(record_type), text(register), RegisterClass(cls), integer(schema), names


def _listable(fields: dict[Any, Any]) -> bool:
    return all(type(key) is str for key in fields) and all(
        _nesting(item) <= _NESTING for item in fields.values()
    )


def _nesting(item: object) -> int:
    if isinstance(item, dict):
        return 1 + max(map(_nesting, item.values()), default=0)
    return 1 + max(map(_nesting, item), default=0) if isinstance(item, list) else 0


def _as_dot(item: object) -> Dot | None:
    if type(item) is not bytes or len(item) not in _DOT_LENGTHS:
        return None
    try:
        dot = Dot.from_bytes(item)
    except ValueError:
        return None
    return dot if 1 <= dot.seq <= U63 else None
