"""Sorts what was received, in the order of arrival, one mail at a time; after any failure again."""

import logging
import threading

from services.kernel.database import Conflict, away
from services.kernel.store import Store
from services.notify.post_in.deciding import give_up, sort
from services.notify.post_in.reading import Readers
from services.notify.post_in.settings import PostIn
from services.notify.views.mails import to_sort

logger = logging.getLogger(__name__)

ONCE = 50
"""Mails that are looked up at once."""


class Sorter(threading.Thread):
    """Sorts until it is stopped. It runs under the lease: two at once would only read twice."""

    def __init__(self, store: Store, settings: PostIn, readers: Readers | None = None) -> None:
        super().__init__(name="sorter", daemon=True)
        self._store = store
        self._settings = settings
        self._readers = readers or Readers()
        self._stopping = threading.Event()
        self._news = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end after the mail that it reads."""
        self._stopping.set()
        self._news.set()

    def news(self) -> None:
        """Something was received."""
        self._news.set()

    def run(self) -> None:
        """Sort, wait for news; until stopped."""
        while not self._stopping.is_set():
            self._news.clear()
            try:
                if not self.sort_all():
                    self._news.wait(self._settings.poll)
            except Exception as error:  # nothing was half done; look again
                logger.warning("sorter looks again", extra={"because": type(error).__name__})
                self._stopping.wait(1.0)
        self._readers.close()

    def sort_all(self) -> int:
        """Sort what waits now; how many mails."""
        with self._store.database.reading() as connection:
            waiting = to_sort(connection, ONCE)
        for mail in waiting:
            if self._stopping.is_set():
                break
            try:
                sort(self._store, self._settings, self._readers, mail)
            except Exception as error:  # a defect that this mail brings about: the others go on
                if isinstance(error, Conflict) or away(error):
                    raise
                logger.error("not sorted", extra={"because": type(error).__name__})
                give_up(self._store, mail)
            logger.info("sorted", extra={"mail": str(mail)})
        return len(waiting)
