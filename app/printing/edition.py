"""A form as it is printed once: its text in the client's language and in German, with what fills the gaps."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.printing.form_texts import BINDING_LANGUAGE, FormText, Part, load_form
from app.printing.spans import Span, fill_spans, parse_spans

_FRAME = "frame"


@dataclass(frozen=True)
class Side:
    """One language of a form: its text, the words of every paper, and the values for its gaps."""

    text: FormText
    frame: FormText
    values: Mapping[str, str]

    def spans(self, key: str) -> tuple[Span, ...]:
        """Give a paragraph of the form with its gaps filled."""
        return fill_spans(parse_spans(self.text[key]), self.values)

    def word(self, key: str, **values: str | int) -> str:
        """Give a word that stands on every paper."""
        return self.frame[key].format(**values)


@dataclass(frozen=True)
class Edition:
    """The one or two languages of a paper, the client's first; German is always among them."""

    sides: tuple[Side, ...]

    @property
    def client(self) -> Side:
        """The language that the client reads."""
        return self.sides[0]

    @property
    def german(self) -> Side:
        """The binding text."""
        return self.sides[-1]

    @property
    def bilingual(self) -> bool:
        """Tell whether the client's language stands beside German."""
        return len(self.sides) > 1

    def parts(self, facts: frozenset[str]) -> tuple[Part, ...]:
        """Give the paragraphs to print, in their order, of which all conditions are among the facts."""
        return tuple(part for part in self.german.text.parts if part.when <= facts)

    def words(self, key: str, between: str = " / ") -> str:
        """Give a word in each language, the client's first; said once where both are alike."""
        return between.join(dict.fromkeys(side.word(key) for side in self.sides))


def open_edition(
    form: str, language: str, values: Mapping[str, Mapping[str, str]], *, alone: bool = False
) -> Edition:
    """Give a form in a language beside German, `values` by language; raises what `load_form` raises.

    `alone`: without German, where nobody signs and no text has to be binding.
    """
    languages = dict.fromkeys((language,) if alone else (language, BINDING_LANGUAGE))
    return Edition(
        tuple(
            Side(load_form(form, code), load_form(_FRAME, code), values.get(code, {})) for code in languages
        )
    )
