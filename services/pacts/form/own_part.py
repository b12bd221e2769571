"""What somebody reads of the actions in which they have a part: these, and not who commits.

Texts that name somebody of the family are left out, and said to be: a sheet lies about, and who is
involved knows whom it is about.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from services.kernel.sealed import Sealed
from services.pacts.content import Action, Progress
from services.pacts.form.names import Names
from services.pacts.pact import Pact


@dataclass(frozen=True)
class OwnAction:
    """One action, for who has a part in it.

    Attributes:
        answers: whether they answer for it; else they help.
        told: its description, expected result and provider; None where it was erased, or left out.
        left_out: those of them that name somebody of the family.
    """

    number: int
    action: Action
    answers: bool
    progress: Progress | None
    told: dict[str, str | None]
    left_out: tuple[str, ...]


def own_actions(
    pact: Pact,
    numbers: Iterable[int],
    person: str | None,
    text: Callable[[Sealed | None], str | None],
    names: Names,
) -> Iterator[OwnAction]:
    """Yield the actions *numbers* of *pact*, in which *person* has a part."""
    for number in numbers:
        action = pact.actions[number]
        told = {
            "description": text(action.description),
            "expected_result": text(action.expected_result),
            "provider": action.provider,
        }
        left_out = tuple(
            name
            for name, words in told.items()
            if words and names.stand_in(words, single=name != "provider")
        )
        yield OwnAction(
            number,
            action,
            str(action.responsible) == person,
            pact.progress.get(number),
            {name: None if name in left_out else words for name, words in told.items()},
            left_out,
        )
