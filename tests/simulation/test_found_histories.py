"""Histories in which something was wrong once, shortened: they stay."""

from __future__ import annotations

import pytest

from tests.support.simulation.history import Histories
from tests.support.simulation.world import Plan, Step

FOUND = {
    # What was put on a stick and then taken back was sealed again for nobody.
    "taken back from a stick": Plan(
        30_000_002,
        8,
        False,
        (
            Step("note", 5, 2112396605),
            Step("exchange_by_stick", 5, 2621186014),
            Step("withdraw", 5, 2350201608),
        ),
        (0.0,) * 8,
        1,
    ),
    # A person's second device received nothing that the first one wrote.
    "second device": Plan(2, 6, False, (Step("open_form", 5, 7), Step("save_form", 5, 7)), (0.0,) * 6, 1),
    # A relay that was lost twice gave the same number to the same item: nobody saw that the keys were gone.
    "relay lost twice": Plan(
        10_000_574,
        7,
        False,
        (
            Step("open_form", 5, 2080025936),
            Step("relay_emptied", 0, 612781052),
            Step("round_by_relay", 1, 1360461929),
            Step("round_by_relay", 5, 4287518889),
            Step("relay_emptied", 1, 3629487800),
            Step("round_by_relay", 1, 1372202405),
        ),
        (0.17, 0.11, 0.28, 0.07, 0.06, 0.23, 0.28),
        1,
    ),
    # Who is not cleared did not get their own sensitive note back once their disk was set back.
    "own sensitive note": Plan(
        10_001_149,
        5,
        False,
        (
            Step("copy_disk", 4, 2081019841),
            Step("sensitive_note", 4, 4038127823),
            Step("good_day", 3, 1191766965),
            Step("set_back", 1, 4263859883),
        ),
        (0.08, 0.17, 0.10, 0.29, 0.22),
        4,
    ),
    # What a disk had sent before it was set back was known to a stand-in alone, who told only their own.
    "own told back by a stand-in": Plan(
        10_000_149,
        5,
        False,
        (
            Step("copy_disk", 3, 1760872489),
            Step("open_form", 1, 822502276),
            Step("suspend", 3, 1442841824),
            Step("everybody_syncs", 2, 626991933),
            Step("save_form", 1, 3543432216),
            Step("everybody_syncs", 0, 2474234472),
            Step("set_back", 1, 3588804491),
        ),
        (0.0,) * 5,
        1,
    ),
    # A stand-in's computer erased a note that nobody else was cleared for.
    "note for nobody": Plan(
        10_001_660,
        5,
        False,
        (
            Step("agree", 1, 3354247041),
            Step("sensitive_note", 3, 2466311220),
            Step("hand_over", 2, 3229331685),
        ),
        (0.0,) * 5,
        2,
    ),
    # The oracle counted the signature of a suspended computer under an order.
    "signature of a suspended computer": Plan(
        10_001_112,
        5,
        False,
        (
            Step("order_erasure", 0, 2494273453),
            Step("everybody_syncs", 3, 3368523544),
            Step("suspend", 2, 890215334),
            Step("agree", 4, 889020832),
        ),
        (0.0,) * 5,
        1,
    ),
    # Who was shut out in the same breath in which another was let in wrote for those whom they knew.
    "shut out and let in": Plan(
        10_001_687,
        5,
        False,
        (
            Step("withdraw", 4, 3188750861),
            Step("good_day", 0, 3238258957),
            Step("note", 0, 3290320591),
            Step("agree", 3, 1821523224),
        ),
        (0.23, 0.12, 0.05, 0.07, 0.14),
        4,
    ),
    # The last traces of two orders of one day go together, a day later: the oracle looked too soon.
    "two orders in a day": Plan(
        10_000_665,
        5,
        False,
        (
            Step("order_erasure", 3, 2185719110),
            Step("open_form", 1, 2512150387),
            Step("order_erasure", 3, 2301075111),
            Step("save_form", 0, 3954050076),
        ),
        (0.29, 0.03, 0.03, 0.17, 0.05),
        0,
    ),
    # A handover that never left a computer before it was suspended: the oracle took it to count.
    "handed over and suspended": Plan(
        10_001_621,
        8,
        False,
        (Step("hand_over", 6, 1512064816), Step("suspend", 0, 3182426540), Step("note", 4, 3691646790)),
        (0.14, 0.13, 0.07, 0.18, 0.30, 0.27, 0.00, 0.07),
        6,
    ),
    # A row that had moved to another page left a copy of itself in the gap, and erasure did not reach that.
    "copy in a gap of a page": Plan(
        300_000_013,
        6,
        False,
        (
            Step("note", 5, 2308551651),
            Step("round_by_relay", 5, 4274739153),
            Step("open_form", 3, 3595598747),
            Step("write_period", 4, 96453628),
            Step("save_form", 4, 1894941265),
            Step("good_day", 4, 642445994),
            Step("open_form", 3, 3712244875),
            Step("restrict", 0, 3232462530),
            Step("save_form", 2, 2457352009),
            Step("write_period", 4, 701150471),
            Step("order_erasure", 5, 1911701266),
            Step("open_form", 3, 3806683570),
        ),
        (
            0.10141205568609774,
            0.1015205231914489,
            0.1698077177086326,
            0.21098347369918996,
            0.027459154985223753,
            0.11755379499921821,
        ),
        4,
    ),
    # A store that came from its folder's first backup did not know of that folder when it erased.
    "backup that does not know its place": Plan(
        10_000_178,
        5,
        False,
        (
            Step("open_form", 3, 3930513857),
            Step("save_form", 0, 1537763155),
            Step("make_backup", 2, 1917066415),
            Step("move_clock", 3, 2180815585),
            Step("restore_backup", 2, 337445237),
            Step("order_erasure", 1, 3004569186),
        ),
        (0.0,) * 5,
        3,
    ),
    # A disk was set back, then the relay lost what all had read: nothing told the device what it lacked.
    "set back before the relay was emptied": Plan(
        7,
        5,
        False,
        (
            Step("open_form", 3, 1022050301),
            Step("copy_disk", 3, 2545373330),
            Step("save_form", 3, 2337446730),
            Step("everybody_syncs", 3, 560161641),
            Step("good_day", 3, 1588945316),
            Step("good_day", 3, 3933953013),
            Step("set_back", 3, 2593816829),
            Step("relay_emptied", 3, 2036044446),
            Step("everybody_syncs", 3, 2687448230),
            Step("everybody_syncs", 3, 2494740733),
        ),
        (0.0,) * 5,
        0,
    ),
    # An emptied relay was given keys again that were destroyed: who came back asked for them for ever.
    "keys that were destroyed": Plan(
        78_010,
        7,
        False,
        (
            Step("suspend", 2, 1612275238),
            Step("make_backup", 1, 1305807103),
            Step("relay_emptied", 0, 700454310),
            Step("restore_backup", 6, 3757777294),
        ),
        (0.15, 0.22, 0.01, 0.02, 0.13, 0.19, 0.15),
        5,
    ),
    # A disk that was set back gave a backup the name of an earlier one: the oracle took it to hold the same.
    "two backups of one name": Plan(
        84_029,
        5,
        False,
        (
            Step("copy_disk", 2, 3506546630),
            Step("open_form", 1, 2252513064),
            Step("save_form", 2, 1742062277),
            Step("make_backup", 0, 2086463171),
            Step("set_back", 0, 1131300001),
            Step("make_backup", 4, 1448384025),
            Step("restore_backup", 4, 1758219485),
        ),
        (0.27, 0.01, 0.27, 0.12, 0.27),
        1,
        (3, 4),
    ),
    # The computer from before a backup was brought back went on: all sealed to the other one's prekey.
    "sealed to the other computer": Plan(
        85,
        5,
        False,
        (
            Step("make_backup", 0, 2),
            Step("copy_disk", 0, 2),
            Step("restore_backup", 0, 2),
            Step("good_day", 0, 2),
            Step("clone", 0, 2),
            Step("good_day", 0, 2),
        ),
        (0.0,) * 5,
        0,
    ),
    # Who holds a case file as part of a family told its only leader of it, and was not believed.
    "told back by who leads the family": Plan(
        42,
        8,
        False,
        (
            Step("put_together", 5, 984766458),
            Step("make_backup", 5, 2486304605),
            Step("everybody_syncs", 3, 954297231),
            Step("agree", 1, 3336964565),
            Step("hand_over", 5, 2268836552),
            Step("restore_backup", 2, 1264750204),
        ),
        (0.13, 0.24, 0.29, 0.24, 0.16, 0.08, 0.09, 0.12),
        3,
        (0,),
    ),
    # A family whose readers waited for each other: a yes was told to those who were known to the other half.
    "each waits for the other to tell first": Plan(
        43,
        8,
        False,
        (
            Step("put_together", 3, 2913334762),
            Step("withdraw", 0, 1694191610),
            Step("good_day", 7, 1205662525),
            Step("agree", 0, 2387917301),
            Step("suspend", 2, 56170256),
        ),
        (0.01, 0.12, 0.05, 0.21, 0.0, 0.11, 0.18, 0.02),
        4,
    ),
    # Who was told that a case file is one with no other, and with another, was not told the answer.
    "one with no other": Plan(
        44,
        7,
        False,
        (
            Step("put_together", 4, 375516961),
            Step("round_by_relay", 4, 537553354),
            Step("take_apart", 2, 3439780861),
            Step("everybody_syncs", 4, 393486587),
            Step("leave", 1, 2028584208),
            Step("put_together", 1, 1651384488),
            Step("everybody_syncs", 0, 978135399),
            Step("answer_question", 5, 1089343594),
        ),
        (
            0.07207753059927861,
            0.08728915511167575,
            0.26239169110186733,
            0.03475343125003104,
            0.28799741697858916,
            0.04114378785360157,
            0.24856255527735474,
        ),
        5,
        (2, 4),
    ),
    # One of two computers of a person had read more, for good: both corrected each other for ever.
    "figures of two computers": Plan(
        45,
        8,
        False,
        (
            Step("make_backup", 1, 3619178412),
            Step("put_together", 2, 3843563503),
            Step("restore_backup", 2, 658156382),
            Step("hand_over", 7, 12843022),
            Step("put_together", 6, 3057498381),
        ),
        (0.01, 0.23, 0.27, 0.28, 0.15, 0.29, 0.19, 0.10),
        6,
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_history_that_once_failed_is_well(histories: Histories, name: str) -> None:
    assert histories.follow(FOUND[name]).verdict.sentences == []
