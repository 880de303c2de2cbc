"""Putting case files together: who reads what today is shown before, so that nothing widens in silence."""

from __future__ import annotations

from app.domain.dots import Dot
from app.domain.errors import CaseMergeError, NotFoundError
from app.domain.records import Record
from app.services import case_merging
from app.services.case_merging import MergePlan
from app.services.ports import Saved, Session
from sync.engine import Engine
from sync.ports import Post
from sync.sending.reach import Audiences


class JoinedFiles:
    """Plans and writes what makes two case files one."""

    def __init__(self, engine: Engine, session: Session) -> None:
        """Work for `engine`, in `session`."""
        self._engine = engine
        self._session = session

    def plan(self, source: Dot, into: Dot) -> MergePlan:
        """Give what a person is shown before `source` is read under `into`.

        Raises CaseMergeError, also for a case file that this person reads no more: that would count nowhere.
        """
        if source == into:
            raise CaseMergeError(reason="same")
        with self._engine.office.transaction() as post:
            audiences = Audiences(self._engine, post)
            plan = MergePlan(
                _case_file(post, source),
                _case_file(post, into),
                audiences.readers(source),
                audiences.readers(into),
            )
        if self._session.me not in plan.source_readers & plan.into_readers:
            raise CaseMergeError(reason="not_read")
        return plan

    def merge(self, plan: MergePlan, reason: str) -> Saved:
        """Make two case files one, as planned and shown."""
        return case_merging.merge_case_files(self._session, plan, reason)


def _case_file(post: Post, case: Dot) -> Record:
    record = post.records.record("CaseFile", case)
    if record is None:
        raise NotFoundError(record_type="Case file")
    return record
