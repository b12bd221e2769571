"""``python -m services.notify.post_in``: the process that mail comes to."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from services.kernel import tracing
from services.kernel.database import PATIENCE
from services.kernel.health import serve_health
from services.kernel.lease import Hangs, Lease, Turn
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.stopping import Stopping
from services.kernel.store import Store
from services.notify.figures import mail_figures
from services.notify.post_in.imap import Reader
from services.notify.post_in.receiving import take
from services.notify.post_in.settings import PostIn
from services.notify.post_in.smtp import Endpoint, House
from services.notify.post_in.sorter import Sorter

DRAIN = PATIENCE + 5.0
"""Seconds that the mail at hand may take when sorting is to end; a database may be away."""


class Listening(threading.Thread):
    """The endpoint, in a thread; every process listens, whoever holds the lease.

    Attributes:
        listens: whether mail can come.
    """

    def __init__(
        self,
        store: Store,
        settings: PostIn,
        news: Callable[[], None],
        over: Callable[[], None],
    ) -> None:
        """It does not listen yet.

        Args:
            news: is told that a mail was kept.
            over: is told that nothing comes any more.
        """
        super().__init__(name="endpoint", daemon=True)
        self.listens = threading.Event()
        self._over = over
        self._loop = asyncio.new_event_loop()
        self._told_to_end = asyncio.Event()
        self._endpoint = Endpoint(
            settings,
            lambda: House(
                settings,
                lambda raw, route, at: take(store, raw, route, at),
                store.clock.now,
                news,
            ),
        )

    def run(self) -> None:
        """Listen until stopped."""
        try:
            self._loop.run_until_complete(self._endpoint.run(self.listens.set, self._told_to_end))
        finally:  # also when the port is taken: who runs the process hears of it
            self.listens.clear()
            self._over()

    def stop(self) -> None:
        """Stop listening; what is being kept is kept."""
        self._loop.call_soon_threadsafe(self._told_to_end.set)


class Sorting:
    """What is done by one process at a time: mails are sorted, a mailbox is read."""

    def __init__(self, store: Store, post: PostIn) -> None:
        self._sorter = Sorter(store, post)
        self._threads: list[Sorter | Reader] = [self._sorter]
        if post.mailbox is not None:
            self._threads.append(Reader(store, post.mailbox, self._sorter.news))

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def is_alive(self) -> bool:
        """Whether all threads live."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """End them; a mail that is being read is read again.

        Raises:
            Hangs: one is still at its mail; begun anew beside it, both would move the same mails.
        """
        for thread in self._threads:
            thread.stop()
        end = time.monotonic() + DRAIN
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        if alive := [thread.name for thread in self._threads if thread.is_alive()]:
            raise Hangs(f"{', '.join(alive)} at a mail")

    def news(self) -> None:
        """A mail was kept."""
        self._sorter.news()


def main() -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    try:
        settings = Settings.from_env("notify", os.environ)
        post = PostIn.from_env(os.environ)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    log_to_stderr(settings.organisation, "notify", "post_in")
    logging.getLogger("mail").disabled = True
    for quiet in ("mail.log", "mail.debug", "asyncio"):  # they repeat addresses and mails
        logging.getLogger(quiet).setLevel(logging.CRITICAL + 1)
    tracing.begin(settings.organisation, "notify", "post_in", os.environ)
    stopping = Stopping(signal.SIGTERM, signal.SIGINT)
    store = open_store(settings)
    turn = Turn(Lease(store.database, "post_in", post.lease), lambda: Sorting(store, post))

    def news() -> None:
        if turn.work is not None:
            turn.work.news()

    listening = Listening(store, post, news, stopping.set)
    server = serve_health(
        store,
        settings,
        lambda: listening.listens.is_set() and turn.sound(),
        lambda: mail_figures(store),
    )
    listening.start()
    status = turn.run(stopping)
    if not listening.is_alive():
        status = 1
    listening.stop()
    listening.join(timeout=10.0)
    server.shutdown()
    return status


if __name__ == "__main__":
    status = main()
    tracing.end()
    logging.shutdown()
    os._exit(status)  # a connection that does not end must not keep the process
