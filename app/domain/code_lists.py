"""Code lists as delivered: dated data, read by declaration, never branched on elsewhere.

The KI will be able to send newer lists down; a code once released keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CodeList:
    """A dated list of codes with their English label; `sensitive` codes raise a register's class."""

    name: str
    valid_from: str
    labels: Mapping[str, str]
    sensitive: frozenset[str] = field(default_factory=frozenset)
    protection: Mapping[str, int] = field(default_factory=dict)

    def __contains__(self, code: object) -> bool:
        """Tell whether `code` may be written."""
        return code in self.labels


_AS_DELIVERED = "2026-11-01"


def code_list(
    name: str,
    labels: Mapping[str, str],
    *,
    sensitive: frozenset[str] = frozenset(),
    protection: Mapping[str, int] | None = None,
) -> CodeList:
    """Give a list as delivered; `protection` ranks codes where the more protective one is shown first."""
    return CodeList(name, _AS_DELIVERED, dict(labels), sensitive, dict(protection or {}))


PHASE = code_list(
    "phase",
    {
        "access": "Access",
        "clearing": "Clearing",
        "assessment": "Assessment",
        "planning": "Planning",
        "linking": "Linking",
        "monitoring": "Monitoring",
        "closed": "Closed",
        "handed_over": "Handed over",
    },
)
ACCESS_ROUTE = code_list(
    "access_route",
    {
        "registration_office": "Registration office",
        "job_centre": "Job centre",
        "immigration_office": "Immigration office",
        "school": "School",
        "advice_centre": "Other advice centre",
        "self": "Came by themselves",
        "outreach": "Outreach",
    },
)
LIFE_AREA = code_list(
    "life_area",
    {
        "residence": "Residence and law",
        "language": "Language",
        "schooling": "Schooling and childcare",
        "training": "Training",
        "work": "Work",
        "recognition": "Recognition of qualifications",
        "housing": "Housing",
        "health": "Health",
        "psychosocial": "Psychosocial situation",
        "livelihood": "Livelihood",
        "family": "Family and children",
        "participation": "Participation in social life",
        "violence": "Violence",
    },
    sensitive=frozenset({"health", "psychosocial", "residence", "violence"}),
)
LEGAL_CIRCLE = code_list(
    "legal_circle",
    {
        "asylblg": "Asylum seekers' benefits (AsylbLG)",
        "sgb2": "Basic income support (SGB II)",
        "sgb3": "Employment promotion (SGB III)",
        "sgb8": "Youth welfare (SGB VIII)",
        "sgb12": "Social assistance (SGB XII)",
        "sgb9": "Rehabilitation and participation (SGB IX)",
        "own_income": "Own income",
        "applied": "Applied for",
        "unclear": "Unclear",
    },
)
TARGET_GROUP = code_list(
    "target_group",
    {
        "eu": "EU citizens",
        "circle_change": "After a change AsylbLG / SGB II",
        "refugee": "Refugees",
        "third_country": "Third-country nationals without flight",
        "family_reunion": "Family reunion",
        "long_resident": "Living here for years, problems from migration",
    },
)
ACCESS_NEED = code_list(
    "access_need",
    {
        "home_visit": "Home visit",
        "step_free": "Step-free access",
        "sign_language": "Sign language",
        "small_children": "Small children",
    },
)
CONTACT_RULE = code_list(
    "contact_rule",
    {"free": "Free", "in_person": "In person only", "code_word": "With the code word only", "never": "Never"},
    protection={"free": 0, "in_person": 2, "code_word": 1, "never": 3},
)
PAPER_HOME = code_list(
    "paper_home",
    {"yes": "Yes", "neutral": "Neutral papers only", "none": "No paper at home"},
    protection={"yes": 0, "neutral": 1, "none": 2},
)
YES_NO = code_list("yes_no", {"yes": "Yes", "no": "No"})
LANGUAGE = code_list(
    "language",
    {
        "de": "German",
        "de_easy": "Plain German",
        "en": "English",
        "fr": "French",
        "uk": "Ukrainian",
        "ru": "Russian",
        "ar": "Arabic",
        "fa": "Farsi/Dari",
        "ku": "Kurmanji",
        "tr": "Turkish",
        "ro": "Romanian",
        "bg": "Bulgarian",
        "ti": "Tigrinya",
        "ckb": "Sorani",
        "ps": "Pashto",
        "sq": "Albanian",
        "sr": "Serbian",
        "pl": "Polish",
        "es": "Spanish",
        "it": "Italian",
        "el": "Greek",
        "so": "Somali",
        "am": "Amharic",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "other": "Another language",
    },
)
HOUSEHOLD_ROLE = code_list(
    "household_role",
    {
        "adult": "Adult",
        "partner": "Partner",
        "child": "Child",
        "parent": "Parent",
        "relative": "Other relative",
        "other": "Other",
    },
)
GENDER = code_list(
    "gender", {"female": "Female", "male": "Male", "diverse": "Diverse", "unknown": "Not stated"}
)
GERMAN_LEVEL = code_list(
    "german_level",
    {"none": "None", "a1": "A1", "a2": "A2", "b1": "B1", "b2": "B2", "c1": "C1", "c2": "C2"},
)
SCHOOLING = code_list(
    "schooling",
    {
        "none": "No school",
        "primary": "Primary school",
        "secondary": "Secondary school",
        "upper": "Upper secondary school",
        "university": "University",
    },
)
RECOGNISED = code_list(
    "recognised",
    {"yes": "Recognised", "partly": "Partly recognised", "no": "Not recognised", "applied": "Applied for"},
)
WORK = code_list(
    "work",
    {
        "none": "Without work",
        "regular": "Regular work",
        "marginal": "Marginal employment",
        "training": "In training",
        "self_employed": "Self-employed",
        "not_allowed": "Not allowed to work",
    },
)
CONTACT_KIND = code_list(
    "contact_kind",
    {"client": "With the client", "office": "With an office for the client", "tried": "Tried, not reached"},
)
CHANNEL = code_list(
    "channel",
    {
        "town_hall": "Town hall",
        "office": "Office",
        "home": "At home",
        "phone": "Phone",
        "video": "Video",
        "message": "Message",
    },
)
INTERPRETER_SOURCE = code_list(
    "interpreter_source",
    {
        "none": "None",
        "pool": "KI's interpreter pool",
        "phone": "Phone or video service",
        "relative": "Relative",
        "staff": "Colleague",
    },
)
HOW_ENDED = code_list(
    "how_ended",
    {
        "ran_out": "Ran out",
        "changed": "Changed to another circle",
        "work": "Took up work",
        "refused": "Refused",
        "other": "Other",
    },
)
CONSENT_KIND = code_list(
    "consent_kind",
    {
        "sheet": "Information sheet",
        "consent": "Consent to the advice",
        "contact_data": "Switch to contact data",
        "release": "Release to and from an office",
    },
)
GIVEN_BY = code_list(
    "given_by",
    {"self": "The person", "parent": "One parent", "parents": "Both parents", "guardian": "Guardian"},
)
CONSENT_FORM = code_list(
    "consent_form",
    {
        "signed": "Signed",
        "mark": "By mark",
        "screen": "On the screen",
        "oral": "Orally with a witness",
        "handed": "Handed over",
        "shown": "Shown",
        "read_out": "Read out",
    },
)
WITHDRAWN = code_list(
    "withdrawn",
    {
        "all": "Everything",
        "supervision": "Supervision",
        "stand_in": "Stand-in",
        "contact_data": "Contact data",
        "special_categories": "Special categories",
    },
)
STAND_IN_REASON = code_list(
    "stand_in_reason",
    {"holiday": "Holiday", "illness": "Illness", "vacancy": "Vacant post", "other": "Other"},
)
LEGAL_BASIS = code_list("legal_basis", {"consent": "Consent", "public_task": "Public task"})
APPLICABLE_LAW = code_list(
    "applicable_law",
    {"dsg_nrw": "GDPR and DSG NRW", "kdg": "KDG", "dsg_ekd": "DSG-EKD"},
)
STANDING = code_list(
    "standing",
    {"present": "Kept", "deleted": "Deleted"},
    # What somebody wants to keep stays in sight until it is decided.
    protection={"present": 1, "deleted": 0},
)
SPLIT_KIND = code_list(
    "split_kind",
    {"left": "Persons left into a case file of their own", "back": "Persons were taken back"},
)
