"""JSON logs: one object a line, with correlation, and never the text of an exception.

An exception's message may hold anything, personal text too; its type and the places it passed
through are what an operator needs.
"""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    def __init__(self, **always: str) -> None:
        super().__init__()
        self._always = always

    def format(self, record: logging.LogRecord) -> str:
        """The record in one line; of an exception only its type and frames."""
        words = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if record.name.startswith("services.") else record.msg,
            **self._always,
            **{key: value for key, value in vars(record).items() if key not in PLAIN},
        }
        if record.exc_info and record.exc_info[0]:
            words["exception"] = record.exc_info[0].__name__
            words["frames"] = [
                f"{frame.filename.rsplit('/services/', 1)[-1]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(words, default=lambda value: type(value).__name__, ensure_ascii=False)


def log_to_stderr(organisation: str, service: str, process: str, level: str = "INFO") -> None:
    """Send every log record of this process to standard error, as JSON lines.

    What Python itself would print of an exception that nobody caught becomes such a line too.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(organisation=organisation, service=service, process=process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("amqp", "kombu", "alembic", "nameko"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # ten lines a try; ours is one
    sys.excepthook = _uncaught
    threading.excepthook = lambda what: _uncaught(
        what.exc_type, what.exc_value or what.exc_type(), what.exc_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("not caught", exc_info=(kind, error, trace))
