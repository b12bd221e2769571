"""``python -m services.notify.post_in``: the process that mail comes to."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol

from services.kernel import tracing
from services.kernel.courier.lease import Lease
from services.kernel.health import serve_health
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.store import Store
from services.notify.post_in.imap import Reader
from services.notify.post_in.receiving import take
from services.notify.post_in.settings import PostIn
from services.notify.post_in.smtp import Endpoint, House
from services.notify.post_in.sorter import Sorter

logger = logging.getLogger(__name__)


class Work(Protocol):
    """A thread that is done by one process at a time."""

    def start(self) -> None: ...
    def is_alive(self) -> bool: ...
    def stop(self) -> None: ...
    def join(self, timeout: float | None = None) -> None: ...


class Listening(threading.Thread):
    """The endpoint, in a thread; every process listens, whoever holds the lease."""

    def __init__(self, store: Store, settings: PostIn, news: Callable[[], None]) -> None:
        super().__init__(name="endpoint", daemon=True)
        self.listens = threading.Event()
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
        self._loop.run_until_complete(self._endpoint.run(self.listens.set, self._told_to_end))

    def stop(self) -> None:
        """Stop listening; what is being kept is kept."""
        self._loop.call_soon_threadsafe(self._told_to_end.set)


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
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    store = open_store(settings)
    work: list[Work] = []
    news = threading.Event()
    listening = Listening(store, post, news.set)
    server = serve_health(store, settings, listening.listens.is_set)
    listening.start()
    lease = Lease(store.database, "post_in", post.lease)
    held_at = 0.0
    while not stopping.is_set() and listening.is_alive():
        try:
            held = lease.hold()
        except Exception as error:  # the database is away; look again
            logger.warning("lease not known", extra={"because": type(error).__name__})
            held = bool(work) and time.monotonic() - held_at < post.lease
        else:
            held_at = time.monotonic() if held else held_at
        if held and not work:
            work = _begin(store, post)
            logger.info("post_in sorts")
        elif work and not (held and all(each.is_alive() for each in work)):
            logger.warning("post_in steps back")
            _end(work)
        _until_news_or(stopping, news, work, post.lease / 3)
    _end(work)
    listening.stop()
    listening.join(timeout=10.0)
    try:
        lease.give_back()
    except Exception as error:  # it ends by itself
        logger.warning("lease not given back", extra={"because": type(error).__name__})
    server.shutdown()
    return 0 if stopping.is_set() else 1


def _begin(store: Store, post: PostIn) -> list[Work]:
    sorter = Sorter(store, post)
    work: list[Work] = [sorter]
    if post.mailbox is not None:
        work.append(Reader(store, post.mailbox, sorter.news))
    for each in work:
        each.start()
    return work


def _end(work: list[Work]) -> None:
    for each in work:
        each.stop()
    for each in work:
        each.join(timeout=5.0)
    work.clear()


def _until_news_or(
    stopping: threading.Event, news: threading.Event, work: list[Work], seconds: float
) -> None:
    """Hand news to the sorter at once; return when it is time to look after the lease."""
    end = time.monotonic() + seconds
    while not stopping.is_set() and (left := end - time.monotonic()) > 0:
        if news.wait(min(left, 0.2)):
            news.clear()
            for each in work:
                if isinstance(each, Sorter):
                    each.news()


if __name__ == "__main__":
    status = main()
    tracing.end()
    logging.shutdown()
    os._exit(status)  # a connection that does not end must not keep the process
