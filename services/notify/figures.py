"""How much mail waits, for who watches the processes: figures, nothing of what is in it."""

from collections.abc import Iterable

from services.kernel.health import Figure
from services.kernel.mapper import instant
from services.kernel.store import Store
from services.notify.letter import State
from services.notify.mail import Standing
from services.notify.reminding import GATHERED
from services.notify.views import letters, mails, notices


def mail_figures(store: Store) -> Iterable[Figure]:
    """Mail that is not sorted yet, and mail that waits for a person."""
    with store.database.reading() as connection:
        unsorted = mails.since_when(connection, Standing.RECEIVED)
        waiting = mails.since_when(connection, Standing.WAITING)
    return (
        Figure("mail_to_sort", "Mails that nobody has read yet", unsorted[0]),
        Figure("mail_to_sort_oldest_seconds", "Age of the oldest", _age(store, unsorted[1])),
        Figure("mail_waiting", "Mails that wait for a person", waiting[0]),
        Figure("mail_waiting_oldest_seconds", "Age of the oldest", _age(store, waiting[1])),
    )


def letter_figures(store: Store) -> Iterable[Figure]:
    """Letters that are to be sent, and those that wait for a person or an address."""
    with store.database.reading() as connection:
        counted = letters.counted(connection)
        oldest = letters.oldest_due(connection, GATHERED)
        unaddressed = len(notices.unaddressed(connection))
    words = {
        State.DUE: "Letters that are to be sent",
        State.DEFERRED: "Letters that were put off and are tried again",
        State.HELD_BACK: "Letters that wait for an address",
        State.UNCERTAIN: "Letters of which nobody knows whether they were sent",
        State.GIVEN_UP: "Letters that were not sent and are not tried any more",
    }
    return (
        *(Figure(f"letters_{each}", said, counted.get(each, 0)) for each, said in words.items()),
        Figure("letters_oldest_due_seconds", "Age of the oldest to send", _age(store, oldest)),
        Figure("letters_unaddressed", "Notices that reach nobody yet", unaddressed),
    )


def _age(store: Store, since: int | None) -> float:
    """Seconds since *since*, in microseconds since 1970 UTC, by the programme's clock; 0: none."""
    if since is None:
        return 0.0
    return max(0.0, (store.clock.now() - instant(since)).total_seconds())
