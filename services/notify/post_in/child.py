"""The limited child: reads one mail on standard input, writes one JSON object, and ends.

It is forked by the nursery: its environment holds no secret, it can write no file, and has so much
memory and time and no more. Whatever ends it early is an outcome, too.
"""

import logging
import resource
import sys

import msgspec

from services.notify.mail import Doubt
from services.notify.post_in.found import Asked, Found, Kind
from services.notify.post_in.sorting import sort

MEMORY = 1024 * 2**20
CPU_SECONDS = 20
FILES = 64


def limit() -> None:
    """Take the limits; whoever is not root cannot lift them again."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def main() -> None:
    """Read, sort, say."""
    limit()
    logging.disable(logging.CRITICAL)
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=Asked)
    raw = sys.stdin.buffer.read()
    try:
        found = sort(raw, asked)
    except Exception:  # a defect of a library, met by this mail: a person looks at it
        found = Found(Kind.DOUBT, Doubt.UNREADABLE, "exception")
    sys.stdout.buffer.write(msgspec.json.encode(found))
