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
OFFICES = ("Jobcenter Mitte", "Sozialamt", "Familienkasse", "Agentur für Arbeit", "Jugendamt")
NATIONALITIES = ("Ukraine", "Syrien", "Rumänien", "Afghanistan", "Eritrea", "Bulgarien", "Irak", "Türkei")
LANGUAGES = ("uk", "ar", "ro", "fa", "ti", "bg", "ku", "tr")
RECOGNITION = ("Teekanne", "Granatapfel", "Leuchtturm", "Zugvogel", "Haselnuss", "Regenschirm")
_FIRST = (
    "Ahorn", "Amsel", "Apfel", "Birken", "Brombeer", "Buchen", "Dachs", "Distel", "Drossel", "Eichen",
    "Enten", "Erlen", "Eulen", "Falken", "Farn", "Fichten", "Flieder", "Fuchs", "Ginster", "Hafer",
    "Hasel", "Hecken", "Hirsch", "Holunder", "Igel", "Jasmin", "Kastanien", "Kiefern", "Kirsch", "Klee",
    "Kranich", "Lerchen", "Linden", "Mandel", "Meisen", "Mohn", "Nelken", "Nuss", "Otter", "Pappel",
    "Pflaumen", "Quitten", "Reiher", "Rosen", "Rüben", "Schilf", "Tannen", "Ulmen",
)  # fmt: skip
_SECOND = (
    "acker", "bach", "berg", "blick", "born", "brink", "bruch", "brunnen", "damm", "eck", "feld",
    "forst", "furt", "garten", "graben", "grund", "hain", "halden", "hang", "haus", "heide", "hof",
    "holz", "hügel", "insel", "kamp", "kuhlen", "land", "mark", "moor", "mühlen", "ort", "pfad",
    "quell", "rain", "ried", "sand", "see", "senken", "stein", "tal", "teich", "wald", "wasser", "wehr",
    "wiesen", "winkel", "zaun",
)  # fmt: skip
_THIRD = (
    "allee", "anger", "bahn", "bogen", "brücke", "bude", "gasse", "gatter", "hütte", "kapelle", "kate",
    "laube", "markt", "platz", "schule", "siedlung", "steg", "steig", "treff", "turm", "weg",
    "werkstatt", "zeile", "zentrum",
)  # fmt: skip
_PLACES = len(_FIRST) * len(_SECOND) * len(_THIRD)
_STRIDE = 25_999
"""Shares no factor with the number of places, so that none comes twice before all came once."""
WORDS_A_CASE = 5


def own_words(seed: str | int, number: int) -> tuple[str, ...]:
    """Give five names of places that only this case file contains, of the first 11,000 of a district."""
    start = int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:4], "big")
    indexes = (number * WORDS_A_CASE + index for index in range(WORDS_A_CASE))
    return tuple(_place((start + index * _STRIDE) % _PLACES) for index in indexes)


def _place(index: int) -> str:
    rest, third = divmod(index, len(_THIRD))
    first, second = divmod(rest, len(_SECOND))
    return _FIRST[first] + _SECOND[second] + _THIRD[third]
