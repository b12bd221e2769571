"""``python -m services.kernel.courier SERVICE``: the courier of one service."""

import logging
import os
import signal
import sys
import time

from services.kernel import tracing
from services.kernel.courier.lease import Lease
from services.kernel.courier.out import Sender
from services.kernel.courier.receive import Receiver, delete
from services.kernel.courier.work import Worker
from services.kernel.health import serve_health
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.stopping import Stopping
from services.kernel.store import Store

logger = logging.getLogger(__name__)


class Courier:
    """Three threads: one sends, one receives, one applies and keeps the calendar."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.sender = Sender(store, settings.amqp_url, settings.poll, lambda: self.worker.news())
        self.worker = Worker(store, self.sender, settings.poll)
        self.receiver = Receiver(store, settings.amqp_url, self.sender, self.worker.news)
        self._threads = (self.sender, self.worker, self.receiver)

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Whether every thread lives."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """End the threads; whatever is not finished is done again later."""
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join(timeout=3.0)


def main(service: str) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    try:
        settings = Settings.from_env(service, os.environ)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    log_to_stderr(settings.organisation, service, "courier")
    tracing.begin(settings.organisation, service, "courier", os.environ)
    stopping = Stopping(signal.SIGTERM, signal.SIGINT)
    store = open_store(settings)
    lease = Lease(store.database, "courier", settings.lease)
    courier: Courier | None = None
    server = serve_health(store, settings, lambda: courier is None or courier.alive())
    held_at = 0.0
    while not stopping.is_set():
        try:
            held = lease.hold()
        except Exception as error:  # the database is away; look again
            logger.warning("lease not known", extra={"because": type(error).__name__})
            held = courier is not None and time.monotonic() - held_at < settings.lease
        else:
            held_at = time.monotonic() if held else held_at
        if held and courier is None:
            courier = Courier(store, settings)
            courier.start()
            logger.info("courier works")
        elif courier is not None and (queue := courier.receiver.unanswered()):
            logger.error("a queue does not answer; made anew", extra={"queue": queue})
            delete(settings.amqp_url, queue)
            return 1  # a thread hangs on it: who runs us starts us again
        elif courier is not None and not (held and courier.alive()):
            logger.warning("courier steps back")
            courier.stop()
            courier = None
        stopping.wait(settings.lease / 3)
    if courier is not None:
        courier.stop()
        try:
            lease.give_back()
        except Exception as error:  # it ends by itself
            logger.warning("lease not given back", extra={"because": type(error).__name__})
    server.shutdown()
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1])
    tracing.end()
    logging.shutdown()
    os._exit(status)  # threads that hang on a broker that is away must not keep the process
