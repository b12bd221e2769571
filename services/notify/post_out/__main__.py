"""``python -m services.notify.post_out``: the process that sends the letters of one organisation.

One works at a time: by a lease in the database, and by the lock on the ledger. ``--begin-ledger``
lets it begin a new ledger though letters were sent before; only a person knows that the old one is
lost, and that some letters may then be sent twice.
"""

import logging
import os
import signal
import sys

from services.kernel import tracing
from services.kernel.health import serve_health
from services.kernel.lease import Lease, Turn
from services.kernel.logs import log_to_stderr
from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.stopping import Stopping
from services.notify.figures import letter_figures
from services.notify.post_out.sending import Sender
from services.notify.post_out.settings import MailSettings


def main(*words: str) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    begin_ledger = "--begin-ledger" in words
    try:
        settings = Settings.from_env("notify", os.environ)
        mail = MailSettings.from_env(os.environ)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    log_to_stderr(settings.organisation, "notify", "post_out")
    tracing.begin(settings.organisation, "notify", "post_out", os.environ)
    stopping = Stopping(signal.SIGTERM, signal.SIGINT)
    store = open_store(settings)
    lease = Lease(store.database, "post_out", settings.lease)
    turn = Turn(lease, lambda: Sender(store, mail, settings.poll, begin_ledger))
    server = serve_health(store, settings, turn.sound, lambda: letter_figures(store))
    status = turn.run(stopping)
    server.shutdown()
    return status


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    tracing.end()
    logging.shutdown()
    os._exit(status)  # a thread that waits for the mail server must not keep the process
