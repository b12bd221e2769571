"""``python -m services.notify.post_out``: the process that sends the letters of one organisation.

One works at a time: by a lease in the database, and by the lock on the ledger. ``--begin-ledger``
lets it begin a new ledger though letters were sent before; only a person knows that the old one is
lost, and that some letters may then be sent twice.
"""

import logging
import os
import signal
import sys
import threading
import time

from services.kernel import tracing
from services.kernel.courier.lease import Lease
from services.kernel.health import serve_health
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.notify.post_out.sending import Sender
from services.notify.post_out.settings import MailSettings

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
"""After SIGTERM, how long the letter at hand may take."""


def main(begin_ledger: bool) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    try:
        settings = Settings.from_env("notify", os.environ)
        mail = MailSettings.from_env(os.environ)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    log_to_stderr(settings.organisation, "notify", "post_out")
    tracing.begin(settings.organisation, "notify", "post_out", os.environ)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    store = open_store(settings)
    lease = Lease(store.database, "post_out", settings.lease)
    sender: Sender | None = None
    server = serve_health(store, settings, lambda: sender is None or sender.is_alive())
    held_at = 0.0
    while not stopping.is_set():
        try:
            held = lease.hold()
        except Exception as error:  # the database is away; look again
            logger.warning("lease not known", extra={"because": type(error).__name__})
            held = sender is not None and time.monotonic() - held_at < settings.lease
        else:
            held_at = time.monotonic() if held else held_at
        if held and sender is None:
            sender = Sender(store, mail, settings.poll, begin_ledger)
            sender.start()
            logger.info("sender works")
        elif sender is not None and not (held and sender.is_alive()):
            logger.warning("sender steps back")
            sender.stop()
            sender.join(DRAIN_SECONDS)
            if sender.is_alive():
                return (
                    1  # it hangs on the server, and holds the ledger: who runs us starts us again
                )
            sender = None
        stopping.wait(settings.lease / 3)
    if sender is not None:
        sender.stop()
        sender.join(DRAIN_SECONDS)
        try:
            lease.give_back()
        except Exception as error:  # it ends by itself
            logger.warning("lease not given back", extra={"because": type(error).__name__})
    server.shutdown()
    return 0


if __name__ == "__main__":
    status = main("--begin-ledger" in sys.argv[1:])
    tracing.end()
    logging.shutdown()
    os._exit(status)  # a thread that waits for the mail server must not keep the process
