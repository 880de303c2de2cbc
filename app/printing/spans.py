"""Marked-up text: spans of one weight, made from `**bold**` in the form texts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

_MARK = "**"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph in one weight; a line feed in it is a forced break."""

    text: str
    bold: bool = False


def parse_spans(markup: str) -> tuple[Span, ...]:
    """Give the spans of a text with `**bold**` parts; raises ValueError when a mark is left open."""
    pieces = markup.split(_MARK)
    if len(pieces) % 2 == 0:
        raise ValueError(markup)
    return tuple(Span(text, bold=index % 2 == 1) for index, text in enumerate(pieces) if text)


def fill_spans(spans: tuple[Span, ...], values: Mapping[str, str]) -> tuple[Span, ...]:
    """Give the spans with `{name}` placeholders replaced; raises KeyError for one without a value.

    Marks inside a value stay what they are: only the form text can make something bold.
    """
    return tuple(replace(span, text=span.text.format_map(values)) for span in spans)
