"""``python -m services.kernel.courier SERVICE``: the courier of one service."""

import logging
import os
import signal
import sys

from services.kernel import tracing
from services.kernel.courier.notary import Notary
from services.kernel.courier.out import Sender
from services.kernel.courier.receive import Receiver, delete
from services.kernel.courier.work import Worker
from services.kernel.health import serve_health
from services.kernel.lease import Hangs, Lease, Turn
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.stopping import Stopping
from services.kernel.store import Store


class Courier:
    """Four threads: one sends, one receives, one applies and keeps the calendar, one proves."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.sender = Sender(store, settings.amqp_url, settings.poll, lambda: self.worker.news())
        self.worker = Worker(store, self.sender, settings.poll)
        self.notary = Notary(store, self.sender, settings.checkpoint)
        self.receiver = Receiver(
            store, settings.amqp_url, self.sender, self.notary, self.worker.news
        )
        self._amqp_url = settings.amqp_url
        self._threads = (self.sender, self.worker, self.receiver, self.notary)

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def is_alive(self) -> bool:
        """Whether every thread lives, and none waits for a queue that does not answer."""
        return all(each.is_alive() for each in self._threads) and not self.receiver.unanswered()

    def stop(self) -> None:
        """End the threads; whatever is not finished is done again later.

        Raises:
            Hangs: one waits for a queue that does not answer; the queue is gone, to be made anew.
        """
        for thread in self._threads:
            thread.stop()
        if queue := self.receiver.unanswered():
            delete(self._amqp_url, queue)
        for thread in self._threads:
            thread.join(timeout=3.0)
        if queue:
            raise Hangs(f"{queue} does not answer; made anew")


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
    turn = Turn(lease, lambda: Courier(store, settings))
    server = serve_health(store, settings, turn.sound)
    status = turn.run(stopping)
    server.shutdown()
    return status


if __name__ == "__main__":
    status = main(sys.argv[1])
    tracing.end()
    logging.shutdown()
    os._exit(status)  # threads that hang on a broker that is away must not keep the process
