"""Checkpoints: what a bad sender can and cannot do, and what comes in pieces, twice, altered or too large."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.services import stand_ins
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.encoding.signing import SUITE
from sync.encoding.wire import WireError
from sync.envelope import CHECKPOINT, Header, header_row, read_header
from sync.errors import (
    LacksGrantError,
    LacksProgramError,
    QuarantinedError,
    WrongDistrictError,
    WrongSignatureError,
    WrongVersionError,
)
from sync.sending.own_channels import Channels
from sync.sending.places import following_place
from sync.sending.sealing import changes_root, leaf_salts, open_envelope
from sync.signed.checkpoint import Part, Proof, fit_state, open_part, proven_by, seal_part
from sync.taking.asking import want_state
from sync.workplace import Workplace
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case, stored
from tests.support.parcels import give_directly, hand_over, sealed_items
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, BENS, Sender, Writer, anna_sends, key_of, roster_chain

ROSTER = roster_chain()[-1]


def told() -> tuple[Sender, Part]:
    """A case file of Anna's, in which Ben has written too."""
    anna, ben = Writer(ROSTER, ANNAS), Writer(ROSTER, BENS)
    opening = anna.write("CaseFile", "opening", {"municipality": "Musterstadt"}, case_is_own=True)
    concern = ben.write("CaseFile", "concern", {"concern": "von Ben"}, case=opening.dot, record=opening.dot)
    return anna_sends(), Part((opening, concern))


def sealed(part: Part, sender: Sender, name: str = "anna") -> bytes:
    return seal_part(
        part,
        place=sender.place,
        channel_key=sender.channel.key,
        roster=sender.roster,
        sign=key_of(name).sign,
        entropy=SeededEntropy("part"),
    )


def test_part_is_read_as_sealed_with_everybodys_own_names() -> None:
    sender, part = told()
    read, opened = open_part(read_header(sealed(part, sender)), sender.channel.key, ROSTER)
    assert read == part
    assert [change.author for change in opened.changes] == [1, 2]


def test_ordinary_envelope_keeps_its_bytes_and_names_no_kind() -> None:
    sender, part = told()
    ordinary = sender.read(list(part.changes[:1]))
    assert (ordinary.header.kind, len(header_row(ordinary.header))) == (0, 15)
    assert len(header_row(read_header(sealed(part, sender)).header)) == 16


def test_signature_of_an_ordinary_envelope_does_not_count_for_a_checkpoint() -> None:
    sender, part = told()
    row, ciphertext, signature = wire.decode_strict(
        sender.seal(list(part.changes[:1])), limit=wire.ENVELOPE_LIMIT
    )
    posed = read_header(wire.encode([[*row, CHECKPOINT], ciphertext, signature]))
    with pytest.raises(WrongSignatureError):
        open_part(posed, sender.channel.key, ROSTER)


def test_checkpoint_posing_as_an_ordinary_envelope_refused() -> None:
    sender, part = told()
    row, ciphertext, signature = wire.decode_strict(sealed(part, sender), limit=wire.ENVELOPE_LIMIT)
    posed = read_header(wire.encode([row[:15], ciphertext, signature]))
    with pytest.raises(WrongSignatureError):
        open_envelope(posed, sender.channel.key, ROSTER)


def test_kind_of_a_newer_program_is_held() -> None:
    sender, part = told()
    row, ciphertext, signature = wire.decode_strict(sealed(part, sender), limit=wire.ENVELOPE_LIMIT)
    with pytest.raises(LacksProgramError):
        read_header(wire.encode([[*row[:15], 2], ciphertext, signature]))


@pytest.mark.parametrize("kind", [0, True, "1"])
def test_kind_of_another_form_refused(kind: object) -> None:
    sender, part = told()
    row, ciphertext, signature = wire.decode_strict(sealed(part, sender), limit=wire.ENVELOPE_LIMIT)
    with pytest.raises(WireError):
        read_header(wire.encode([[*row[:15], kind], ciphertext, signature]))


def test_part_without_its_key_is_held() -> None:
    sender, part = told()
    with pytest.raises(LacksGrantError):
        open_part(read_header(sealed(part, sender)), None, ROSTER)


def test_truncated_or_flipped_part_refused() -> None:
    sender, part = told()
    data = sealed(part, sender)
    for at in range(0, len(data), 7):
        flipped = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
        for broken in (data[:at], flipped):
            with pytest.raises((QuarantinedError, LacksProgramError, LacksGrantError)):
                open_part(read_header(broken), sender.channel.key, ROSTER)


def test_part_of_another_district_or_below_the_floor_refused() -> None:
    sender, part = told()
    envelope = read_header(sealed(part, sender))
    with pytest.raises(WrongDistrictError):
        open_part(envelope, sender.channel.key, replace(ROSTER, first=bytes(32)))
    with pytest.raises(WrongVersionError):
        open_part(envelope, sender.channel.key, replace(ROSTER, lowest_suite=2))


def test_author_who_is_not_the_dots_member_cannot_be_told() -> None:
    sender, part = told()
    posed = replace(part.changes[1], author=1)
    with pytest.raises(WireError):
        sealed(Part((part.changes[0], posed)), sender)


def test_state_is_cut_into_parts_that_each_stand_alone() -> None:
    anna = Writer(ROSTER, ANNAS)
    entropy = SeededEntropy("notes")
    changes: list[Change] = []
    for _ in range(40):
        first = anna.write("CaseFile", "opening", {"municipality": "M"}, case_is_own=True)
        note = entropy.bytes(2000).hex()
        second = anna.write("CaseFile", "concern", {"concern": note}, case=first.dot, record=first.dot)
        changes += [first, second]
    parts = list(fit_state(changes, device=ANNAS, session=anna.session, roster=ROSTER, too_large=[]))
    assert [change for part in parts for change in part] == changes
    assert all(part[0].dot == part[0].record for part in parts)
    assert all(len(sealed(Part(part), anna_sends())) <= wire.ENVELOPE_LIMIT for part in parts)
    assert len(parts) > 1


def proof_of(change: Change, beside: Change) -> tuple[Proof, bytes]:
    """What Ben's device signed when it sealed both."""
    sender = replace(anna_sends(), name="ben", index=BENS)
    envelope = sender.read([change, beside])
    salts = leaf_salts(SUITE, sender.channel.key, envelope.header.salt16, 2)
    assert changes_root([change, beside], salts) == envelope.header.changes_root
    leaves = tuple((item.dot.to_bytes(), salt) for item, salt in zip((change, beside), salts, strict=True))
    return Proof(envelope.header, envelope.signature, leaves), salts[0]


def bens_changes() -> tuple[Change, Change]:
    ben = Writer(ROSTER, BENS)
    first = ben.write("CaseFile", "opening", {"municipality": "M"}, case_is_own=True)
    return first, ben.write("CaseFile", "concern", {"concern": "x"}, case=first.dot, record=first.dot)


def test_proof_shows_what_its_author_signed_and_nothing_else() -> None:
    one, two = bens_changes()
    proof, _ = proof_of(one, two)
    known = {item.dot.to_bytes(): (item,) for item in (one, two)}
    assert proven_by(proof, known, ROSTER) == (one, two)
    altered = {**known, two.dot.to_bytes(): (replace(two, context=Context.of((one.dot,))),)}
    assert proven_by(proof, altered, ROSTER) == ()
    assert proven_by(proof, {one.dot.to_bytes(): (one,)}, ROSTER) == ()


def test_proof_that_another_signed_refused() -> None:
    one, two = bens_changes()
    proof, _ = proof_of(one, two)
    header: Header = replace(proof.header, device=ANNAS)
    with pytest.raises(WrongSignatureError):
        proven_by(replace(proof, header=header), {}, ROSTER)


def give_part(sender: Workplace, recipient: Workplace, part: Part) -> None:
    """Let a sender, honest or not, seal a part and hand it over with its grant."""
    engine = sender._engine
    with engine.office.transaction() as post:
        key = Channels(engine).open(post, frozenset({recipient.session.me}))
        place = following_place(engine, post, key)
    data = seal_part(
        part,
        place=place,
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=engine.entropy,
    )
    grants = [item for item in sealed_items(sender, recipient) if item[0] is ParcelKind.GRANT]
    hand_over(recipient, [*grants, (ParcelKind.ENVELOPE, data)])


def invented(author: Workplace, case: Dot, text: str, context: Context) -> Change:
    """A change that its author never wrote."""
    engine = author._engine
    return Change(
        Dot(engine.device.id, 77, 1),
        case,
        case,
        "CaseFile",
        "concern",
        RegisterClass.BASE,
        wire.encode({"concern": text}),
        context,
        (engine.now_ms() << 16) + 1,
        engine.me.id,
        1,
    )


@pytest.mark.parametrize("author", ["anna", "sina"])
def test_stranger_may_not_tell_what_others_wrote(district: District, author: str) -> None:
    ben = district.join("ben")
    district.round()
    district.round()
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "von Anna")
    district.round("anna", "sina")
    give_part(ben, sina, Part((invented(district[author], case, "erfunden", Context()),)))
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_assignment"]
    assert case_file(sina, case).text("concern") == "von Anna"
    assert sina.session.store.queries.conflicts(5) == ()


def test_bad_responsible_hides_nothing_that_others_signed(district: District) -> None:
    district.join("ben")
    district.round()
    district.round()
    anna, ben, sina = district["anna"], district["ben"], district["sina"]
    case = open_case(anna, "von Anna")
    give_consent(anna, case, "consent", stand_in_item="yes")
    stand_ins.name_stand_in(anna.session, case, district.member("ben"), "2020-11-02", "", "holiday")
    district.round("anna", "ben")
    edit_case(ben, case, concern="von Ben unterschrieben")
    district.round("ben", "sina", "anna")
    dots = stored(sina, "SELECT 1 FROM attested")
    assert dots == []
    history = sina.session.store.queries.history(case, 100)
    bens = next(entry.dot for entry in history if entry.author == district.member("ben"))
    give_part(anna, sina, Part((invented(sina, case, "erfunden", Context.of((bens,))),)))
    (conflict,) = sina.session.store.queries.conflicts(5)
    assert {head.values["concern"] for head in conflict.heads} == {"von Ben unterschrieben", "erfunden"}
    (entry,) = (item for item in sina.session.store.queries.history(case, 100) if item.attested_by)
    assert (entry.attested_by, entry.author) == (district.member("anna"), district.member("sina"))


def test_author_himself_makes_a_told_change_certain(district: District) -> None:
    district.join("ben")
    district.round()
    district.round()
    anna, ben, sina = district["anna"], district["ben"], district["sina"]
    case = open_case(anna, "von Anna")
    give_consent(anna, case, "consent", stand_in_item="yes")
    stand_ins.name_stand_in(anna.session, case, district.member("ben"), "2020-11-02", "", "holiday")
    district.round("anna", "ben", "sina")
    edit_case(ben, case, concern="von Ben")
    give_directly(ben, anna)
    with anna._engine.office.transaction() as post:
        change = next(
            item for item in post.asking.state_of_case(case, ()) if item.author == district.member("ben")
        )
    give_part(anna, sina, Part((change,)))
    told = sina.session.store.queries.history(case, 100)
    assert {item.attested_by for item in told if item.author == district.member("ben")} == {
        district.member("anna")
    }
    give_directly(ben, sina)
    told = sina.session.store.queries.history(case, 100)
    assert {item.attested_by for item in told} == {None}
    assert sina.session.store.queries.conflicts(5) == ()
    assert case_file(sina, case).text("concern") == "von Ben"


def test_parts_come_in_any_order_and_twice_and_the_last_waits_for_the_others(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    made = [open_case(anna, f"Nummer {number}") for number in range(3)]
    with sina._engine.office.transaction() as post:
        want_state(post, "absent")
    district.round("sina", "anna")
    items = sealed_items(anna, sina)
    grants = [item for item in items if item[0] is ParcelKind.GRANT]
    envelopes = [item for item in items if item[0] is ParcelKind.ENVELOPE]
    last = envelopes[-1:]
    hand_over(sina, [*grants, *last])
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_parts"]
    assert sina.status().wanted == "absent"
    hand_over(sina, [*reversed(envelopes), *envelopes, *last])
    assert sina.status().parcels == ()
    assert [case_file(sina, case).text("concern") for case in made] == ["Nummer 0", "Nummer 1", "Nummer 2"]
    assert sina.session.store.queries.conflicts(5) == ()
    district.round("sina")
    assert sina.status().wanted is None


@pytest.mark.parametrize(
    ("kind", "register", "field"),
    [("StandIn", "stand_in", "stand_in"), ("CaseFile", "responsible", "responsible")],
)
def test_nobody_lets_themselves_in_by_a_state(
    district: District, kind: str, register: str, field: str
) -> None:
    """Ben names himself; what he tells of the case file besides would make him one who works there."""
    ben = district.join("ben")
    district.round()
    district.round()
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "von Anna")
    district.round("anna", "sina")
    own = Dot(ben._engine.device.id, 77, 1)
    named = replace(
        invented(ben, case, "", Context()),
        record=case if kind == "CaseFile" else own,
        type=kind,
        register=register,
        value=wire.encode({field: district.member("ben")}),
    )
    give_part(ben, sina, Part((named,)))
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_assignment"]


def test_nobody_takes_an_entry_into_their_own_case_file_by_a_state(district: District) -> None:
    """Ben knows the number of an entry that he never read: an order names such."""
    ben = district.join("ben")
    district.round()
    district.round()
    anna, sina = district["anna"], district["sina"]
    case, his = open_case(anna, "von Anna"), open_case(ben, "von Ben")
    person = add(anna, "Person", case, label="Person 1").id
    district.round("anna", "ben", "sina")
    assert person is not None
    moved = replace(
        invented(ben, case, "", Context.of((person,))),
        record=person,
        type="Person",
        register="belongs",
        value=wire.encode({"case_file": his.to_bytes()}),
    )
    for reader in (anna, sina):
        give_part(ben, reader, Part((moved,)))
        assert [item.text("label") for item in reader.session.store.queries.records("Person", case)] == [
            "Person 1"
        ]
        assert [parcel.reason for parcel in reader.status().parcels] == ["lacks_assignment"]
