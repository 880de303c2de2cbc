"""Words of invented case files; every case file also has five that nothing else contains."""

from __future__ import annotations

import hashlib

MUNICIPALITIES = (
    "Lindau", "Oberhagen", "Wiesental", "Kirchfeld", "Neuenbrück", "Altendorf", "Bergrath",
    "Seehausen", "Grünwald", "Marktheim", "Steinbach", "Rosental", "Talheim",
)  # fmt: skip
CONCERNS = (
    "Die Familie sucht eine Wohnung, die jetzige ist feucht.",
    "Ein Brief vom Jobcenter wurde nicht verstanden, die Frist läuft.",
    "Das jüngste Kind hat keinen Platz in der Kita.",
    "Der Abschluss als Krankenpfleger soll anerkannt werden.",
    "Der Aufenthaltstitel läuft bald ab, ein Termin fehlt.",
    "Der Sprachkurs ist zu weit weg, der Bus fährt nur zweimal am Tag.",
    "Nach dem Umzug kam kein Geld mehr, der Antrag liegt noch.",
    "Die Tochter möchte eine Ausbildung beginnen und weiß nicht, wo.",
)
NOTES = (
    "Unterlagen gemeinsam durchgesehen, es fehlt der Mietvertrag.",
    "Mit dem Amt telefoniert, Rückruf bis Freitag zugesagt.",
    "Formular zusammen ausgefüllt und erklärt.",
    "Termin beim Sprachkursträger vereinbart.",
    "Klientin möchte erst mit ihrer Schwester sprechen.",
    "Dolmetscher war dabei, alles verstanden.",
    "Brief vorgelesen und übersetzt, Widerspruch besprochen.",
    "Kita-Anmeldung abgeschickt, Bestätigung liegt vor.",
)
OFFICES = ("Jobcenter Musterland", "Sozialamt", "Familienkasse", "Agentur für Arbeit", "Jugendamt")
NATIONALITIES = ("Ukraine", "Syrien", "Rumänien", "Afghanistan", "Eritrea", "Bulgarien", "Irak", "Türkei")
LANGUAGES = ("uk", "ar", "ro", "fa", "ti", "bg", "ku", "tr")
_SYLLABLES = (
    "ba", "be", "bi", "bo", "da", "de", "di", "do", "fa", "fe", "fi", "fo", "ka", "ke", "ki", "ko",
    "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "ra", "re", "ri", "ro",
)  # fmt: skip
WORDS_A_CASE = 5


def own_words(seed: str | int, number: int) -> tuple[str, ...]:
    """Give five words of twelve letters that only this case file of this district contains."""
    found = []
    for index in range(WORDS_A_CASE):
        digest = hashlib.sha256(f"{seed}/{number}/{index}".encode()).digest()
        found.append("q" + "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest[:6]))
    return tuple(found)
