"""Which of a form's texts name somebody of the family in the clear [1]. Pure.

[1] Programme, section 3 Notification: "one that carries a known household name in the clear is
stopped before the committee sees it". How a name is recognised is our reading: a whole name in any
order and any case; one word of it where it is written as a name, with a capital, and is neither a
saint's ("San Rocco") nor a number, a day or a month; a tax code in any case. At the beginning of a
sentence "Rosa" may be a flower: who sent the form writes it otherwise, nothing is lost by it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

WORD = re.compile(r"\w+")
SHORTEST = 3
"""Letters of a word that is a name by itself; shorter ones count in a whole name only."""
SAINTS = {"san", "santa", "santo", "sant", "s", "ss", "beata", "beato"}

COMMON = frozenset(
    WORD.findall(
        "uno una due tre quattro cinque sei sette otto nove dieci cento mille"
        " primo prima secondo seconda terzo terza quarto quarta quinto quinta"
        " lunedi martedi mercoledi giovedi venerdi sabato domenica"
        " gennaio febbraio marzo aprile maggio giugno luglio agosto"
        " settembre ottobre novembre dicembre"
    )
)
"""Words, folded, that begin sentences of every pact, and are now and then a name."""


@dataclass(frozen=True)
class Names:
    """What is known of the people of a household.

    Attributes:
        whole: each person's words, folded and sorted; of two words at least.
        words: single words, folded, that are taken for a name when they begin with a capital.
        codes: tax codes, folded.
    """

    whole: frozenset[tuple[str, ...]]
    words: frozenset[str]
    codes: frozenset[str]

    @classmethod
    def of(cls, told: Iterable[str]) -> Self:
        """From names and tax codes as they were written."""
        whole: set[tuple[str, ...]] = set()
        words: set[str] = set()
        codes: set[str] = set()
        for each in told:
            folded = [_folded(word) for word in WORD.findall(each)]
            if any(map(str.isdigit, "".join(folded))):
                codes.update(folded)
                continue
            if len(folded) > 1:
                whole.add(tuple(sorted(folded)))
            words.update(word for word in folded if len(word) >= SHORTEST and word not in COMMON)
        return cls(frozenset(whole), frozenset(words), frozenset(codes))

    def __bool__(self) -> bool:
        """Whether anybody is known."""
        return bool(self.whole or self.words or self.codes)

    def stand_in(self, text: str, single: bool = True) -> bool:
        """Whether somebody is named in *text*.

        Args:
            single: whether one word of a name is enough.
        """
        written = WORD.findall(text)
        folded = [_folded(word) for word in written]
        return (
            not self.codes.isdisjoint(folded)
            or any(self._whole_at(folded, place) for place in range(len(folded)))
            or (single and any(self._word_at(written, folded, n) for n in range(len(folded))))
        )

    def _whole_at(self, folded: list[str], place: int) -> bool:
        return any(
            tuple(sorted(folded[place : place + length])) in self.whole
            for length in {len(person) for person in self.whole}
        )

    def _word_at(self, written: list[str], folded: list[str], place: int) -> bool:
        saint = place > 0 and folded[place - 1] in SAINTS
        return folded[place] in self.words and written[place][0].isupper() and not saint


NOBODY = Names.of(())


def _folded(word: str) -> str:
    """*word* without accents and case."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()
