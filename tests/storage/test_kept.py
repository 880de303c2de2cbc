"""What the writing side keeps: given again while nothing moved, and never after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import ref

import cbor2
import pytest

from app.domain.classes import RegisterClass
from app.domain.declarations import CASE_FILE
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.orders import REDACTED
from app.domain.records import Record, new_record
from app.services.mailbox import (
    OWN,
    ChannelKey,
    DueAck,
    LostEnvelope,
    OutGrant,
    OutPurge,
    ParcelKind,
    ParcelState,
    Place,
    ReceivedEnvelope,
    RelayRun,
    SealedEnvelope,
    StoredParcel,
    Stream,
)
from app.storage.mailbox import SqlPost, SqlPostOffice
from app.storage.queries import StoreQueries
from app.storage.store import SqlStore
from app.storage.unit_of_work import StoreUnitOfWork
from tests.support.stores import make_store


class StopError(Exception):
    """Ends a transaction."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = make_store(tmp_path / "store.db")
    yield made
    made.close()


def counted(store: SqlStore) -> int:
    """Count case files as one who keeps the answer does."""
    with store.unit_of_work() as work:
        return work.once(("count",), work.case_count)


def add(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        work.save(
            None, new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1)
        )


def test_an_answer_is_given_again_until_a_record_moves(store: SqlStore) -> None:
    asked = []
    with store.unit_of_work() as work:
        for _ in range(2):
            work.once(("asked",), lambda: asked.append(1))
        assert len(asked) == 1
        work.save(
            None, new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1)
        )
        work.once(("asked",), lambda: asked.append(1))
    assert len(asked) == 2


def test_a_record_is_read_again_though_a_copied_device_changed_it_as_one_of_another_type(
    store: SqlStore,
) -> None:
    add(store)
    with store.unit_of_work() as work:
        (case,) = work.case_by_number("1")
        before = work.record("CaseFile", case)
        listed = work.records("CaseFile", case)
        assert before is not None
        work.apply([
            Change(
                Dot(9, 9, 1), case, case, "Contact", "concern", RegisterClass.BASE,
                cbor2.dumps({"concern": "other"}), Context(), 1, 1, 1,
            )
        ])  # fmt: skip
        after = work.record("CaseFile", case)
        assert after is not None
        assert after.text("concern") == "other"
        assert work.records("CaseFile", case) != listed


def test_what_was_rolled_back_is_no_answer(store: SqlStore) -> None:
    def stop() -> None:
        with store.unit_of_work() as work:
            work.save(
                None,
                new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1),
            )
            work.put_setting("name", "gone")
            assert (work.once(("count",), work.case_count), work.setting("name")) == (2, "gone")
            raise StopError

    add(store)
    with pytest.raises(StopError):
        stop()
    with store.unit_of_work() as work:
        assert (counted(store), work.setting("name")) == (1, None)


def test_a_rolled_back_state_of_rounds_is_forgotten(store: SqlStore) -> None:
    office = SqlPostOffice(store)

    def stop() -> None:
        with office.transaction() as post:
            post.rounds.put_state("cursor", b"1")
            assert post.rounds.state("cursor") == b"1"
            raise StopError

    with pytest.raises(StopError):
        stop()
    with office.transaction() as post:
        assert post.rounds.state("cursor") is None


def test_the_mark_moves_with_every_row_but_not_with_how_far_rounds_are(store: SqlStore) -> None:
    office = SqlPostOffice(store)
    with office.transaction() as post:
        before = office.mark
        post.rounds.put_mark("cursor", b"1")
        assert office.mark == before
        post.rounds.put_state("wanted", b"1")
        assert office.mark == before + 1
        post.rounds.put_state("wanted", b"1")
        assert office.mark == before + 1


def test_a_reader_keeps_answers_until_something_is_committed(store: SqlStore) -> None:
    asked: list[int] = []

    def ask() -> None:
        store.queries.log.kept.once(("asked",), lambda: asked.append(1))

    ask()
    with store.unit_of_work() as work:
        work.case_count()
    ask()
    assert len(asked) == 1
    with store.unit_of_work() as work:
        work.put_setting("name", "another")
    ask()
    assert len(asked) == 2


def test_what_a_reader_found_while_something_was_committed_is_not_kept(store: SqlStore) -> None:
    def count_and_add() -> int:
        before = store.queries.case_count()
        add(store)
        return before

    kept = store.queries.log.kept
    assert kept.once(("count",), count_and_add) == 0
    assert kept.once(("count",), store.queries.case_count) == 1


def test_a_change_is_made_once_of_the_same_row_and_anew_once_it_says_something_else(store: SqlStore) -> None:
    add(store)
    with store.unit_of_work() as work:
        (case,) = work.case_by_number("1")
        key = work.keys.key(case)

        def head() -> Change:
            return work.log.heads(key)["number"][0]

        first = head()
        assert head() is first
        assert work.record("CaseFile", case) is work.record("CaseFile", case)
        work.connection.execute(
            "UPDATE change SET value = ? WHERE dot = ?", (REDACTED, work.keys.key(first.dot))
        )
        assert head().value == REDACTED
        work.log.note_taken_out()
        record = work.record("CaseFile", case)
        assert record is not None
        assert record.text("number") == ""


def test_who_writes_finds_a_change_by_its_name_without_asking_until_something_is_taken_out(
    store: SqlStore,
) -> None:
    add(store)
    with store.unit_of_work() as work:
        (key,) = work.connection.execute("SELECT dot FROM change WHERE register = 'number'").fetchone()
        (first,) = work.log.by_keys([key])
        asked: list[str] = []
        work.connection.set_trace_callback(asked.append)
        assert tuple(work.log.by_keys([key])) == (first,)
        work.connection.set_trace_callback(None)
        assert asked == []
    assert tuple(store.queries.log.by_keys([key])) == (first,)
    with store.unit_of_work() as work:
        work.connection.execute("UPDATE change SET value = ? WHERE dot = ?", (REDACTED, key))
        work.log.note_taken_out()
        assert [change.value for change in work.log.by_keys([key])] == [REDACTED]
    # Who only reads is not told at once that something was taken out, and so asks each time.
    assert [change.value for change in store.queries.log.by_keys([key])] == [REDACTED]


def test_what_was_read_of_a_rolled_back_row_is_forgotten(store: SqlStore) -> None:
    held: list[Change] = []

    def stop() -> None:
        with store.unit_of_work() as work:
            work.save(
                None,
                new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1),
            )
            (key,) = work.connection.execute("SELECT id FROM record").fetchone()
            held.extend(work.log.heads(key)["number"])
            raise StopError

    with pytest.raises(StopError):
        stop()
    add(store)
    with store.unit_of_work() as work:
        (key,) = work.connection.execute("SELECT id FROM record").fetchone()
        assert work.log.heads(key)["number"][0] is not held[0]


def test_a_destroyed_key_is_not_given_from_memory(store: SqlStore) -> None:
    office = SqlPostOffice(store)
    key = ChannelKey(1, b"c" * 8, 1, b"k" * 32, b"h" * 32, frozenset({2}), 5)
    with office.transaction() as post:
        post.keys.put_channel_key(key)
        post.keys.put_own_key("name", b"value")
        assert post.keys.channel_key(1, key.channel, 1) == key
        assert post.keys.own_key("name") == b"value"
        post.keys.destroy_channel_key(key)
        post.keys.drop_own_key("name")
        assert [item.key for item in (post.keys.channel_key(1, key.channel, 1),) if item] == [b""]
        assert post.keys.own_key("name") is None


STREAM, CHANNEL, DIGEST = Stream(2, 5, b"channel2"), b"channel1", b"d" * 32
SEALED = [SealedEnvelope(9, CHANNEL, n, 1, bytes([n]) * 32, b"sealed", n) for n in range(4)]
LOST = LostEnvelope(9, CHANNEL, 1, 1, bytes([1]) * 32, b"", b"sealed")
PARCEL = StoredParcel(DIGEST, ParcelKind.ENVELOPE, ParcelState.HELD, "why", 3, b"x", 2, Place(STREAM, 9))
WRITES: tuple[Callable[[SqlPost], object], ...] = (
    lambda post: post.keys.put_channel_key(
        ChannelKey(2, STREAM.channel, 1, b"k" * 32, b"h" * 32, frozenset({1}), 5)
    ),
    lambda post: post.into.witness(Place(STREAM, 4)),
    lambda post: post.into.put_received(ReceivedEnvelope(Place(STREAM, 1), b"1" * 32, b"", b"", 1)),
    lambda post: post.into.note_acked(DueAck(STREAM, 1, b"1" * 32)),
    lambda post: post.into.ack_all_again(),
    lambda post: post.into.put_parcel(PARCEL),
    lambda post: post.into.drop_parcel(DIGEST),
    lambda post: post.into.tell_through(STREAM, 4, 2),
    lambda post: post.out.put_sealed(SEALED[1], ()),
    lambda post: post.out.put_sealed(SEALED[2], ()),
    lambda post: post.out.put_sealed(SEALED[3], ()),
    lambda post: post.keys.put_channel_key(ChannelKey(1, CHANNEL, 1, b"k", b"h", frozenset({2}), 5)),
    lambda post: post.keys.put_grant(OutGrant(CHANNEL, 1, 2, b"g" * 32, b"grant")),
    lambda post: post.out.note_at_relay(SEALED[1]),
    lambda post: post.asking.offer_again(SEALED[1]),
    lambda post: post.out.note_at_relay(SEALED[1]),
    lambda post: post.out.note_item_at_relay(b"g" * 32),
    lambda post: post.out.void(SEALED[3:]),
    lambda post: post.orders.void(LOST),
    lambda post: post.orders.put_purge(OutPurge(b"p" * 32, b"purge", 1)),
    lambda post: post.out.free(SEALED[2]),
    lambda post: post.out.put_ack(2, 8, CHANNEL, 3, 1),
    lambda post: post.into.tell_through(Stream(OWN, 8, CHANNEL), 3, 2),
    lambda post: post.out.replace_runs([RelayRun(7, CHANNEL, 1, 2, b"h" * 32)]),
    lambda post: post.out.replace_runs([]),
)
"""Each of them alters something that is kept."""


def traffic(post: SqlPost) -> tuple[object, ...]:
    """Give all that is kept of what comes and leaves."""
    coming = (post.into.gaps(), post.into.due_acks(), post.into.waiting())
    leaving = (post.out.unsent_places(), post.out.kept(), post.out.runs(), post.out.lost())
    sent = (post.out.at_relay(b"g" * 32), post.keys.epochs_in_use(1), post.keys.unsent_grants())
    return (*coming, *leaving, *sent, post.orders.purges())


def test_what_is_kept_of_traffic_is_what_is_found_anew_after_every_write(store: SqlStore) -> None:
    with SqlPostOffice(store).transaction() as post:
        post.into.witness(Place(STREAM, 3))
        for number, write in enumerate(WRITES):
            before = traffic(post)
            write(post)
            kept = traffic(post)
            post.records.forget()
            assert kept == traffic(post), number
            assert kept != before, number


def test_who_only_looks_may_not_write(store: SqlStore) -> None:
    office = SqlPostOffice(store)
    with office.looking() as post:
        assert post.rounds.state("cursor") is None
    with pytest.raises(RuntimeError, match="outside a transaction"), office.looking() as post:
        post.rounds.put_state("cursor", b"1")
    with office.transaction() as post, office.looking() as same:
        same.rounds.put_state("cursor", b"2")
        assert post.rounds.state("cursor") == b"2"


def test_a_closed_store_leaves_nothing_of_what_was_read_in_the_memory(tmp_path: Path) -> None:
    made = make_store(tmp_path / "other.db")
    add(made)
    (row,) = made.queries.case_page(None, 1).rows
    with made.unit_of_work() as work:
        read = [weakly(made.queries, row.id), weakly(work, row.id)]
    assert None not in [item() for item in read]
    made.close()
    assert [item() for item in read] == [None, None]


def weakly(source: StoreQueries | StoreUnitOfWork, case: Dot | None) -> ref[Record]:
    """Read a case file, and hold nothing of it."""
    assert case is not None
    found = source.record(CASE_FILE.name, case)
    assert found is not None
    return ref(found)
