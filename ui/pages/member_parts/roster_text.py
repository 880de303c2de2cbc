"""Changes of the roster as sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from app.domain.audience import Role
from app.i18n import N_, _, format_date
from ui.dialogs.member_form import ROLES

if TYPE_CHECKING:
    from sync.workplace import RosterFact, RosterNews

SENTENCES: Final = {
    "founded": N_("The district {name} was set up."),
    "enrolled": N_("{name} belongs to the district now: {role}, {employer}."),
    "enrolled_cleared": N_(
        "{name} belongs to the district now: {role}, {employer}; may read sensitive entries."
    ),
    "renamed": N_("{before} is called {name} now."),
    "role_changed": N_("{name} was {before} and is {role} now."),
    "cleared": N_("{name} may read sensitive entries now."),
    "uncleared": N_("{name} may no longer read sensitive entries."),
    "employer_changed": N_("{name} works for {employer} now."),
    "supervisor_changed": N_("{supervisor} supervises {name} now."),
    "supervisor_dropped": N_("Nobody supervises {name} now."),
    "immigration_begun": N_("{name} has duties in an immigration office now."),
    "immigration_ended": N_("{name} has no duties in an immigration office any more."),
    "left": N_("{name} no longer belongs to the district."),
    "returned": N_("{name} belongs to the district again."),
    "device_added": N_("{name} works on computer {number} now."),
    "device_suspended": N_("Computer {number} of {name} was suspended."),
    "device_lifted": N_("Computer {number} of {name} is no longer suspended."),
    "device_revoked": N_("Computer {number} of {name} was revoked for good."),
    "keeper_made": N_("{name} is a keeper now."),
    "keeper_ended": N_("{name} is no longer a keeper."),
    "offline_made": N_("There is a key in the safe now."),
    "offline_replaced": N_("The key in the safe was replaced; the old one no longer counts."),
    "offline_dropped": N_("There is no key in the safe any more."),
    "extended": N_("The list of members is good until {day} now."),
    "shortened": N_("The list of members is good only until {day} now."),
    "district_renamed": N_("The district is called {name} now."),
    "relays_changed": N_("The district's relay has another address now."),
    "floor_raised": N_("Parcels sealed in an old way are no longer accepted."),
    "fork_ended": N_("The dispute between two lists of members is ended."),
}


def fact_text(fact: RosterFact) -> str:
    """Give one change as a sentence."""
    names = dict(fact.names)
    for place in ("role", "before"):
        if fact.kind.startswith(("enrolled", "role")) and place in names:
            names[place] = _(ROLES[Role(names[place])])
    if "day" in names:
        names["day"] = format_date(date.fromisoformat(names["day"]))
    # An employer's name may end in a full stop of its own: "Sozialwerk e. V.".
    return _(SENTENCES[fact.kind]).format(**names).replace("..", ".")


def facts_text(facts: tuple[RosterFact, ...]) -> str:
    """Give changes as sentences, one after the other."""
    return " ".join(map(fact_text, facts)) or _("The list of members was signed anew, unchanged.")


def news_text(news: RosterNews) -> str:
    """Give what a version brought, when, and who signed it."""
    signers = ", ".join(name or _("the key in the safe") for name in news.signers)
    text = _("{day}: {changes} Signed by {signers}.")
    return text.format(day=format_date(news.made), changes=facts_text(news.facts), signers=signers)
