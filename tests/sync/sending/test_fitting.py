"""How many changes go into one envelope: whole, in their order, and never more than fit."""

import random

import pytest

from app.domain.dots import Context, Dot
from sync.encoding import wire
from sync.envelope import read_header
from sync.errors import WrongSizeError
from sync.sending.sealing import fit_changes, open_envelope
from tests.support.wire import ANNAS, SESSION, Writer, anna_sends

SENDER = anna_sends()
ROSTER = SENDER.roster


def test_fit_changes_keeps_order_and_each_part_fits() -> None:
    writer = Writer(ROSTER, ANNAS)
    texts = [random.Random(number).randbytes(6000).hex() for number in range(40)]
    changes = [writer.write("CaseFile", "concern", {"concern": text}) for text in texts]
    parts = fit_changes(changes, device=ANNAS, session=SESSION, roster=ROSTER)
    assert [change for part in parts for change in part] == changes
    assert 3 < len(parts) < 10
    assert all(len(SENDER.seal(list(part))) <= wire.ENVELOPE_LIMIT for part in parts)


def test_fit_changes_of_nothing_is_nothing() -> None:
    assert fit_changes([], device=ANNAS, session=SESSION, roster=ROSTER) == ()


def test_fit_changes_largest_register_fits_alone() -> None:
    writer = Writer(ROSTER, ANNAS)
    text = random.Random(1).randbytes(16_370).hex()
    changes = [writer.write("CaseFile", "concern", {"concern": text}) for _ in range(2)]
    assert len(changes[0].value) <= wire.VALUE_LIMIT
    data = SENDER.seal(list(fit_changes(changes, device=ANNAS, session=SESSION, roster=ROSTER)[0]))
    assert open_envelope(read_header(data), SENDER.channel.key, ROSTER).changes[0] == changes[0]


def test_fit_changes_context_too_large_for_any_envelope_is_said() -> None:
    context = Context.of(Dot(1, 1, seq) for seq in range(1, wire.CONTEXT_LIMIT + 2))
    change = Writer(ROSTER, ANNAS).write("CaseFile", "concern", {}, context=context)
    with pytest.raises(WrongSizeError):
        fit_changes([change], device=ANNAS, session=SESSION, roster=ROSTER)


def test_seal_what_does_not_fit_is_refused() -> None:
    writer = Writer(ROSTER, ANNAS)
    texts = [random.Random(number).randbytes(15_000).hex() for number in range(6)]
    with pytest.raises(WrongSizeError):
        SENDER.seal([writer.write("CaseFile", "concern", {"concern": text}) for text in texts])
