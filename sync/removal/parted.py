"""Case files that were one with one's own and are so no more: the copy goes, and comes back with the family.

Nobody orders it: who reads follows from words that people signed, and only the reader's own computer knows
all of them (docs/decisions/0022-read-no-more.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.domain.aliases import joined
from app.domain.attachment import ATTACHMENT
from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.orders import has_waited
from app.services.ended_reading import parting_word, parting_words
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.ports import Post
from sync.removal.days import relay_time
from sync.sending.facts import ever_involved
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences, is_only_here
from sync.sending.telling import LASTING, Telling

_PARTED: Final = "parted:"
"""Prefix of what is remembered of a case file that is to go: since when, by both clocks, and what it held."""
_BESIDE: Final = "beside:"
"""Prefix of settings: how somebody reads a case file of a family, and after which partings it was told."""
_GONE: Final = "beside_gone:"
"""Prefix of settings: how often something went from here that was one with a case file."""
_OWN: Final = "own"
_NONE: Final = "none"
_WORD: Final = 8


def files_ever_one(post: Post) -> tuple[Dot, ...]:
    """Give the case files that were ever rightly said to be one with another."""
    return tuple(sorted({case for join in post.records.joins() for case in (join.source, join.into)}))


def lies_here_alone(post: Post, case: Dot) -> bool:
    """Tell whether something of a case file was attached here, or typed and not saved: nobody else has it."""
    attached = (item for item in post.records.records(ATTACHMENT.name, case) if not item.text("removed_on"))
    drafted = (draft for draft in post.records.drafts() if case in (draft.base.id, draft.base.case))
    return any(attached) or any(drafted)


class Parted:
    """What a device holds only because it was one with something of its person's; within one transaction."""

    def __init__(self, engine: Engine, post: Post) -> None:
        """Ask `post`, as its transaction stands."""
        self._engine = engine
        self._post = post
        self._audiences = Audiences(engine, post)

    def leaving(self) -> Iterator[tuple[Dot, Change, int]]:
        """Give what is to go from here, by which word, and since when it waits (ms, this device's clock)."""
        for case in files_ever_one(self._post):
            word = self._ended_by(case)
            kept = self._post.rounds.state(f"{_PARTED}{case}")
            if word is not None:
                yield case, word, self._since(case, word)[0]
            elif kept is not None:
                self._post.rounds.put_state(f"{_PARTED}{case}", None)

    def may_go(self, case: Dot, word: Change) -> bool:
        """Tell whether others have read all that was written here, and 14 days have passed without news.

        What was attached here or typed and not saved lies nowhere else, and keeps the case file; so does what
        nobody is cleared for who reads it. One that nobody leads who has a computer may lie here alone.
        """
        memory, me = self._post.handovers, self._engine.me.id
        cleared = self._audiences.readers(case, RegisterClass.SENSITIVE) - {me}
        if (memory.sensitive(case) and not cleared) or not self._audiences.is_led(case, me):
            return False
        alone = is_only_here(self._engine, self._post, case) or lies_here_alone(self._post, case)
        if alone or memory.is_unread(case):
            return False
        return has_waited(self._since(case, word), (self._engine.now_ms(), relay_time(self._post)))

    def note_gone(self, case: Dot) -> None:
        """Note that a copy goes, and with it the words by which its family was parted."""
        for one in joined(case, self._post.records.joins()) - {case}:
            name = f"{_GONE}{one}"
            self._post.records.put_setting(name, f"{self._post.records.setting(name) or ''}+")

    def _ended_by(self, case: Dot) -> Change | None:
        post, me = self._post, self._engine.me.id
        if not post.orders.holds(case) or me in self._audiences.readers(case):
            return None
        group = post.records.case_group(case)
        facts = [self._audiences.facts(one) for one in group]
        # Who ever worked there lets go by a handover, or by an order; who was asked to, when that is over.
        if any(me in ever_involved(post.into, self._engine.roster, one) for one in group):
            return None
        return (
            None if any(me in one.asked | one.answered for one in facts) else parting_word(post.records, case)
        )

    def _since(self, case: Dot, word: Change) -> tuple[int, int | None]:
        """Give since when nothing came of a case file that is to go; what comes begins the time anew."""
        held = len(self._post.handovers.held(case))
        mark = sha256(word.dot.to_bytes() + held.to_bytes(_WORD, "big"))[:_WORD]
        name, now, heard = f"{_PARTED}{case}", self._engine.now_ms(), relay_time(self._post)
        kept = self._post.rounds.state(name) or b""
        same = kept[:_WORD] == mark
        own = int.from_bytes(kept[_WORD : 2 * _WORD], "big") if same else now
        relay = int.from_bytes(kept[2 * _WORD :], "big") if same and kept[2 * _WORD :] else heard
        packed = own.to_bytes(_WORD, "big") + (b"" if relay is None else relay.to_bytes(_WORD, "big"))
        if kept != mark + packed:
            self._post.rounds.put_state(name, mark + packed)
        return own, relay


def tell_joined_again(engine: Engine, post: Post) -> None:
    """Tell a case file anew to who reads it by its family, once after each time that the family fell apart.

    Their computers may have let go of it since. Who leads it tells all of it; others what they wrote
    themselves that is sensitive: who leads it may not be cleared.
    """
    audiences, channels = Audiences(engine, post), Channels(engine)
    telling = Telling(engine, channels)
    for case in files_ever_one(post):
        mark, others = _partings(post, case), frozenset(post.records.case_group(case)) - {case}
        by_itself, readers = audiences.readers_beside(case, others), audiences.readers(case)
        for member in sorted(readers - {engine.me.id}) if engine.me.id in readers else ():
            leads = telling.is_mine(audiences, post, case, frozenset({member}))
            name = f"{_BESIDE}{case}/{member}/{'all' if leads else 'own'}"
            how = _OWN if member in by_itself else mark
            if not channels.reaches(post, member) or not _is_news(post, name, how, mark):
                continue
            if leads:
                telling.tell_newcomers(post, case, frozenset({member}))
            else:
                telling.tell_what_lacks(post, {member: _own_secrets(post, case, engine.me.id)})


def _own_secrets(post: Post, case: Dot, me: int) -> tuple[Change, ...]:
    state = post.asking.state_of_case(case, LASTING)
    return tuple(item for item in state if item.author == me and item.cls is RegisterClass.SENSITIVE)


def _is_news(post: Post, name: str, how: str, mark: str) -> bool:
    """Note how somebody reads a case file; tells whether they may have let go of it since that was noted.

    `mark` names all partings of its family. Who read it by itself never had to.
    """
    noted = post.records.setting(name)
    if noted != how:
        post.records.put_setting(name, how)
    if noted is None:
        return how != _OWN and mark != _NONE
    return noted not in (_OWN, mark)


def _partings(post: Post, case: Dot) -> str:
    dots = b"".join(sorted(word.dot.to_bytes() for word in parting_words(post.records, case)))
    gone = post.records.setting(f"{_GONE}{case}") or ""
    return sha256(dots + gone.encode())[:_WORD].hex() if dots or gone else _NONE
