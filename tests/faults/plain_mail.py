"""``python -m tests.faults.plain_mail FOLDER``: a mail server that only keeps each mail in a file.

What any acceptance of mail costs: one file, on the disk, before 250. It prints its port.
"""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

LARGEST = 30 << 20


class Keeper:
    """Writes each mail into a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep it, then answer."""
        with (self._folder / f"{next(self._numbers)}.eml").open("wb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        return "250 2.0.0 kept"


async def main(folder: Path) -> None:
    """Listen until killed."""
    loop, keeper = asyncio.get_running_loop(), Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=LARGEST, hostname="plain", loop=loop), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
