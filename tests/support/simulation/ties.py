"""Words that say what hangs together: whether an entry stands, where it belongs, which case files are one.

Told anew from the design (sync, Changes), without a line of the engine's: a word is a token like any
other; besides the words that it replaced it knows all that its writer had before their eyes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

STANDING, BELONGS, ALIAS = "standing", "belongs", "alias"
DELETED, PRESENT = "deleted", "present"
Known = frozenset[str]


@dataclass(frozen=True)
class Word:
    """What was said of an entry or a case file: whether it stands, or the case file that it goes to."""

    about: str
    what: str
    says: str
    knew: Known


@dataclass(frozen=True)
class Fate:
    """What became of an entry, and the words that stand against each other when that is in doubt."""

    deleted: bool = False
    sides: Known = frozenset()


@dataclass
class Ties:
    """All such words of a history; `gone` gives what is rightly gone for who knows some tokens."""

    gone: Callable[[Known], Known]
    made_in: dict[str, str] = field(default_factory=dict)
    """The case file in which each entry was made."""
    words: dict[str, Word] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)
    """The values that were ever written into each entry, without these words."""

    def begin(self, entry: str, case: str) -> None:
        """Note a new entry of a case file."""
        self.made_in[entry] = case
        self.parts[entry] = set()

    def say(self, token: str, about: str, what: str, says: str, shown: Iterable[str]) -> None:
        """Note a word whose writer was shown `shown`, and so all that those had known."""
        knew = set(shown)
        for one in shown:
            knew |= self.words[one].knew if one in self.words else frozenset()
        self.words[token] = Word(about, what, says, frozenset(knew) - {token})

    def heads(self, about: str, what: str, known: Known) -> Known:
        """Give the words of a kind that stand for who knows `known`."""
        mine = {token for token in known if (word := self.words.get(token)) and word.about == about}
        return frozenset(token for token in mine if self.words[token].what == what) - self.gone(known)

    def homes(self, entry: str, known: Known) -> frozenset[str]:
        """Give the case files to which an entry belongs: several while that is in doubt."""
        heads = self.heads(entry, BELONGS, known)
        return frozenset(self.words[token].says for token in heads) or frozenset({self.made_in[entry]})

    def fate(self, entry: str, known: Known) -> Fate:
        """Tell whether an entry is deleted: not while something stands that a deletion was not shown."""
        heads = self.heads(entry, STANDING, known)
        deletions = [token for token in heads if self.words[token].says == DELETED]
        moves = {token for token in known if (word := self.words.get(token)) and word.what == BELONGS}
        about = {token for token in moves if self.words[token].about == entry}
        written = (known & (self.parts[entry] | about)) - self.gone(known)
        unseen = {one for one in written for token in deletions if one not in self.words[token].knew}
        if unseen or len(heads) > 1:
            return Fate(sides=frozenset(heads | unseen))
        return Fate(deleted=bool(deletions))

    def group(self, case: str, known: Known) -> frozenset[str]:
        """Give the case files that are one with `case`, itself among them."""
        for aliases, files in self._families(known):
            if case in files and not self._rivals(aliases):
                return files
        return frozenset({case})

    def root(self, case: str, known: Known) -> str:
        """Give the case file under which `case` is read: where the latest word leads."""
        for aliases, files in self._families(known):
            if case in files and not self._rivals(aliases):
                onward = {self.words[token].about: self.words[token].says for token in aliases}
                latest = max(aliases, key=lambda token: len(self.words[token].knew & aliases))
                place, seen = self.words[latest].says, {self.words[latest].about}
                while place in onward and place not in seen and onward[place] not in {*seen, place}:
                    seen.add(place)
                    place = onward[place]
                return place
        return case

    def in_doubt(self, case: str, known: Known) -> bool:
        """Tell whether a person is to be asked with which other case files this one is one."""
        rivals = any(
            self._rivals(aliases) and any(self.words[token].about == case for token in aliases)
            for aliases, _files in self._families(known)
        )
        return rivals or len(self.heads(case, ALIAS, known)) > 1

    def parted(self) -> Known:
        """Give the words that were said in place of one by which case files were one."""
        return frozenset(
            token for token, word in self.words.items() if word.what == ALIAS and self.before(token)
        )

    def ever_joined(self, case: str, words: Iterable[str]) -> frozenset[str]:
        """Give all that are one with `case` by any of these words, whatever was said later."""
        pairs = [self.words[token] for token in words if self.words[token].what == ALIAS]
        found, before = {case}, set[str]()
        while found != before:
            before = set(found)
            for pair in pairs:
                if pair.says and found & {pair.about, pair.says}:
                    found |= {pair.about, pair.says}
        return frozenset(found)

    def sides(self, token: str) -> frozenset[str]:
        """Give the case files whose readers are to learn of a word that joins, parts or moves."""
        word = self.words[token]
        before = {self.words[one].says for one in self.before(token)} - {""}
        own = word.about if word.what == ALIAS else self.made_in[word.about]
        return frozenset({own, word.says, *before} - {""})

    def told(self, token: str) -> frozenset[str]:
        """Give the case files whose readers are owed a word that joins, parts or moves.

        A move is owed to who reads where it comes from and where it goes to, and not to those whom an earlier
        one had left: their history tells that somebody left, and not where to. So it is with case files that
        are one, and were parted before. The answer to a question is owed to all who were asked.
        """
        word = self.words[token]
        own = {word.about} if word.what == ALIAS else set[str]()
        return (self._left(token) | {word.says} | own) - {""}

    def _left(self, token: str) -> frozenset[str]:
        """Give the case files out of which a word took something, as far as its writer knew."""
        earlier = self.before(token)
        latest = {one for one in earlier if not any(one in self.words[other].knew for other in earlier)}
        left = {self.words[one].says for one in latest} or {self.made_in.get(self.words[token].about, "")}
        asked = [self._left(one) for one in latest] if len(latest) > 1 else []
        return frozenset(left).union(*asked)

    def ends(self, token: str) -> frozenset[str]:
        """Give the case files between which a word says something."""
        return frozenset({self.words[token].about, self.words[token].says} - {""})

    def before(self, token: str) -> Known:
        """Give the earlier words of the same about the same, that the writer of a word knew of."""
        word = self.words[token]
        return frozenset(one for one in word.knew if self._same(one, word))

    def _same(self, token: str, word: Word) -> bool:
        other = self.words.get(token)
        return other is not None and (other.about, other.what) == (word.about, word.what)

    def _families(self, known: Known) -> list[tuple[Known, frozenset[str]]]:
        """Give the standing aliases that touch each other, with the case files that they name."""
        found: list[tuple[Known, frozenset[str]]] = []
        standing = known & self.words.keys() - self.gone(known)
        for token in sorted(token for token in standing if self.words[token].what == ALIAS):
            word = self.words[token]
            if word.says:
                files = frozenset({word.about, word.says})
                touching = [item for item in found if item[1] & files]
                found = [item for item in found if item not in touching]
                merged = frozenset({token}).union(*(item[0] for item in touching))
                found.append((merged, files.union(*(item[1] for item in touching))))
        return found

    def _rivals(self, aliases: Known) -> bool:
        """Tell whether any two of them were written without knowing of each other."""
        return any(
            one not in self.words[other].knew and other not in self.words[one].knew
            for one in aliases
            for other in aliases
            if one != other
        )
