"""`kim-mobil paper` and `kim-mobil papers`: print a paper into a file, list what there is."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.case_number import read_case_number
from app.domain.errors import NotFoundError
from app.domain.read_log import EXPORT
from app.i18n import _
from app.printing.employer_profile import legal_basis_of, letterhead_profile
from app.printing.papers import Paper, PaperRequest, list_papers, print_paper
from app.services.cases import employer_record
from app.services.ports import Session, today
from sync.commands.terminal import opened, say, write_file
from sync.system import SystemClock

if TYPE_CHECKING:
    from sync.commands import Subparsers


def add(commands: Subparsers) -> None:
    """Add both commands to the parser."""
    paper = commands.add_parser("paper", help=_("print a paper into a PDF file"))
    paper.add_argument("form", metavar="FORM", help="art13, consent")
    paper.add_argument("--language", metavar="L", required=True, help=_("de, en, uk and others"))
    paper.add_argument(
        "--case", metavar="NUMBER", help=_("case number; without it the paper is a marked specimen")
    )
    paper.add_argument("--out", metavar="FILE", type=Path, required=True)
    paper.set_defaults(run=run_paper)
    papers = commands.add_parser("papers", help=_("list the papers"))
    papers.add_argument("--list", action="store_true", help=_("list them (the only thing this does)"))
    papers.add_argument("--json", action="store_true", help=_("as JSON"))
    papers.set_defaults(run=run_papers)


def run_paper(options: Namespace) -> int:
    """Print a paper; raises the printing errors, and with `--case` what unlocking raises."""
    if options.case is None:
        day = date.fromisoformat(today(SystemClock()))
        request = PaperRequest(
            form=options.form,
            language=options.language,
            profile=letterhead_profile(None),
            case_number=None,
            legal_basis="consent",
            person_label=None,
            consent_items=None,
            recipients=(),
            today=day,
        )
    else:
        number = str(read_case_number(options.case))
        with opened(options) as place:
            request = _for_case(place.session, options, number)
            for case in place.session.store.queries.case_by_number(number):
                place.read_log.note(case, EXPORT)
    write_file(options.out, print_paper(request))
    return 0


def run_papers(options: Namespace) -> int:
    """List every paper in every language."""
    papers = list_papers()
    if options.json:
        say(json.dumps([_as_json(paper) for paper in papers], ensure_ascii=False, indent=2))
        return 0
    for paper in papers:
        note = _("draft") if paper.review is None else _("reviewed by {name}").format(name=paper.review.by)
        version = f"{paper.version:<6} {paper.stand.isoformat()}"
        say(f"{paper.form:<10} {paper.language:<8} {version}  {paper.title}  ({note})")
    return 0


def _for_case(session: Session, options: Namespace, number: str) -> PaperRequest:
    queries = session.store.queries
    if not queries.case_by_number(number):
        raise NotFoundError(record_type="CaseFile")
    employer = employer_record(queries, session.employer_key)
    return PaperRequest(
        form=options.form,
        language=options.language,
        profile=letterhead_profile(employer),
        case_number=number,
        legal_basis=legal_basis_of(employer),
        person_label=None,
        consent_items=None,
        recipients=(),
        today=date.fromisoformat(today(session.clock)),
    )


def _as_json(paper: Paper) -> dict[str, object]:
    review = None if paper.review is None else {"by": paper.review.by, "on": paper.review.on.isoformat()}
    return {
        "form": paper.form,
        "language": paper.language,
        "title": paper.title,
        "version": paper.version,
        "stand": paper.stand.isoformat(),
        "review": review,
    }
