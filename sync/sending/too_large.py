"""Own changes that fit no envelope: they stay in the outbox, stop nothing else, and are said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.dots import Dot
from sync.ports import Post

_TOO_LARGE: Final = "too_large"
_SEPARATOR: Final = b" "


def note_too_large(post: Post, dots: Iterable[Dot]) -> None:
    """Note changes that could not be sealed, beside those noted before."""
    new = {str(dot).encode() for dot in dots}
    if new:
        known = (post.rounds.state(_TOO_LARGE) or b"").split(_SEPARATOR)
        post.rounds.put_state(_TOO_LARGE, _SEPARATOR.join(sorted(new | {name for name in known if name})))


def count_too_large(post: Post) -> int:
    """Give how many changes fit no envelope."""
    return len((post.rounds.state(_TOO_LARGE) or b"").split())
