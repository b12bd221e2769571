"""``python -m services.kernel.serve SERVICE``: the nameko process of one service."""

import os
import sys
import warnings

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402  # must patch before anything else is imported

eventlet.monkey_patch()

import logging  # noqa: E402
import signal  # noqa: E402
from importlib import import_module  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from services.kernel import tracing  # noqa: E402
from services.kernel.health import serve_health  # noqa: E402
from services.kernel.logs import log_to_stderr  # noqa: E402
from services.kernel.opening import open_store  # noqa: E402
from services.kernel.sealing import register_sealing  # noqa: E402
from services.kernel.settings import Missing, Settings  # noqa: E402

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 8
"""After SIGTERM, how long running calls may take; a broker that is away is not waited for."""


def main(service: str) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    try:
        settings = Settings.from_env(service, os.environ)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    log_to_stderr(settings.organisation, service, "serve")
    tracing.begin(settings.organisation, service, "serve", os.environ)
    store = open_store(settings)
    serializer = register_sealing(settings.organisation, store.keys)
    runner = ServiceRunner(
        {
            "AMQP_URI": settings.amqp_url,
            "serializer": serializer,
            "ACCEPT": [serializer],
            "LOGIN_METHOD": "PLAIN",
            "max_workers": 10,
            "store": store,
        }
    )
    module = import_module(f"services.{service}.service")
    runner.add_service(getattr(module, f"{service.capitalize()}Service"))
    started = ending = False

    def end(*_: object) -> None:
        nonlocal ending
        ending = True
        eventlet.spawn_n(runner.stop if started else _exit)
        eventlet.spawn_after(DRAIN_SECONDS, _exit)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)
    serve_health(store, settings, lambda: started)
    runner.start()
    started = True
    logger.info("serving")
    try:
        runner.wait()
    except Exception as error:  # a reply could not be sent, say; who runs us starts us again
        logger.error("serving ended", extra={"because": type(error).__name__})
        return 0 if ending else 1  # a broker that is away cannot be taken leave of
    return 0


def _exit() -> None:
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    status = main(sys.argv[1])
    tracing.end()
    logging.shutdown()
    os._exit(status)  # green threads that wait for a broker must not keep the process
