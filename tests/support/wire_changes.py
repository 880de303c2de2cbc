"""Changes as a day brings them, for sizes and round trips."""

from __future__ import annotations

import random
from functools import partial

from app.domain.code_lists import ACCESS_ROUTE, CHANNEL, LANGUAGE, LIFE_AREA
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from tests.support.wire import Writer

PLACES = ("Arnsberg", "Meschede", "Sundern", "Brilon", "Marsberg", "Olsberg")
TALK = (
    "hat den Bescheid vom Jobcenter mitgebracht will eine Ausbildung beginnen sucht einen Kitaplatz "
    "braucht Hilfe beim Antrag Termin bei der Ausländerbehörde nächste Woche Sprachkurs B1 fast beendet "
    "Wohnung zu klein mit drei Kindern Anerkennung des Berufs als Krankenschwester läuft seit März"
)
WORDS = TALK.split()


def new_case(writer: Writer, rng: random.Random) -> list[Change]:
    """The changes of one new case file with a person, a contact and a benefit."""
    case = writer.write(
        "CaseFile", "number", {"number": f"HSK-2026-{rng.randrange(9999):04d}-K"}, case_is_own=True
    )
    write = partial(writer.write, "CaseFile", case=case.dot, record=case.dot)
    changes = [
        case,
        write(
            "opening",
            {
                "opened_on": "2026-11-02",
                "access_route": rng.choice(sorted(ACCESS_ROUTE.labels)),
                "municipality": rng.choice(PLACES),
            },
        ),
        write("languages", {"speaks": rng.sample(sorted(LANGUAGE.labels), 2)}),
        write("responsible", {"responsible": 1}),
        write("phase", {"phase": "clearing", "phase_since": "2026-11-02"}),
        write("concern", {"concern": " ".join(rng.choices(WORDS, k=25))}),
    ]
    writer.pause(rng.randrange(60_000, 600_000))
    return changes + new_contact(writer, case.dot, rng)


def new_contact(writer: Writer, case: Dot, rng: random.Random) -> list[Change]:
    """The changes of one contact."""
    event: dict[str, object] = {
        "at": (writer.clock >> 16) // 60_000 * 60_000,
        "contact_kind": "client",
        "channel": rng.choice(sorted(CHANNEL.labels)),
        "minutes": rng.choice((15, 30, 45)),
    }
    belongs = writer.write("Contact", "belongs", {"case_file": case.to_bytes()}, case=case)
    write = partial(writer.write, "Contact", case=case, record=belongs.dot)
    talk = {
        "topics": rng.sample(sorted(LIFE_AREA.labels), 2),
        "contact_note": " ".join(rng.choices(WORDS, k=20)),
    }
    changes = [belongs, write("event", event), write("talk", talk)]
    writer.pause(rng.randrange(60_000, 600_000))
    return changes


def small_edits(writer: Writer, count: int, seed: int = 1) -> list[Change]:
    """`count` small edits of what stands in ten case files: a phase, a place, a reminder's date, a code."""
    rng = random.Random(seed)
    device = writer.roster.device(writer.index)
    assert device is not None
    earlier = random.Random(7).getrandbits(64)
    cases = [Dot(device.id, earlier, 40 * number + 1) for number in range(10)]
    edits: list[Change] = []
    for number in range(count):
        case = cases[number % len(cases)]
        register, fields = rng.choice(
            (
                ("phase", {"phase": rng.choice(("planning", "linking")), "phase_since": "2026-11-02"}),
                (
                    "opening",
                    {"opened_on": "2026-10-12", "access_route": "school", "municipality": rng.choice(PLACES)},
                ),
                ("languages", {"speaks": rng.sample(sorted(LANGUAGE.labels), 2), "interpreter_needed": True}),
                ("safety", {"contact_rule": "in_person", "paper_home": "neutral"}),
                ("recognition", {"recognition_word": rng.choice(WORDS)}),
            )
        )
        shown = Context.of([Dot(device.id, earlier, case.seq + rng.randrange(1, 9))])
        edits.append(writer.write("CaseFile", register, fields, case=case, record=case, context=shown))
        writer.pause(rng.randrange(20_000, 300_000))
    return edits
