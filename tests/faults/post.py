"""Mail of the lead in a campaign: its processes, who writes to it, and who takes its letters."""

import random
from collections.abc import Iterator
from itertools import zip_longest

from services.console.private_broker import free_ports
from services.notify.post_out.outbox import Outbox
from services.notify.views import mails
from tests.dovecot import PASSWORD, PrivateDovecot
from tests.faults.post_verdict import (
    GIVEN_UP,
    SENT,
    UNCERTAIN,
    LettersOut,
    Log,
    judge_letters,
    judge_mails,
)
from tests.faults.prepared import know_sender
from tests.faults.running import Death, Running
from tests.faults.scene import Scene
from tests.faults.settled import Stores, missing
from tests.faults.tally import MAIL_IN, MAIL_OUT, POST_IN_ANYWHERE, POST_OUT_ANYWHERE, Line
from tests.faults.writer import SENDER, Writer
from tests.notify.post_in.papers import DEDICATED
from tests.notify.post_out.mail_server import CUT, MailServer

USER = "patti@rete.example"
FOLDERS = ("INBOX", "Acquisiti", "Troppo grandi")
PROVOKED = ("between noting and moving", *MAIL_OUT[-3:])
"""Failpoints that are passed only when something goes wrong, which then happens once."""
NOBODY_KNOWS = {
    "before the dot",
    "after the dot",
    "before taken is noted",
    "before a doubt is stored",
}
"""Killed there, a sender leaves one letter of which nobody knows whether it was sent."""


class Post:
    """Mail in and out of the lead.

    Attributes:
        processes: ``post_in`` and ``post_out``.
    """

    def __init__(self, scene: Scene, stores: Stores, seed: int, mailbox: PrivateDovecot) -> None:
        member, (port,) = scene.members["lead"], free_ports(1)
        self.server = MailServer()
        self.writer = Writer(f"{seed}", port, mailbox, USER)
        self._stores = stores
        self._mailbox = mailbox
        self._in = Running(
            *(member, "notify", "post_in", scene.directory),
            POST_IN_ADDRESSES=DEDICATED,
            POST_IN_SMTP=f"127.0.0.1:{port}",
            POST_IN_IMAP=f"imap://{USER.replace('@', '%40')}@127.0.0.1:{mailbox.imap}/INBOX",
            POST_IN_IMAP_PASSWORD=PASSWORD,
            POST_IN_IMAP_POLL_SECONDS="1",
            POST_IN_LEASE_SECONDS="1",
            POST_IN_POLL_SECONDS="0.2",
        )
        self._out = Running(
            *(member, "notify", "post_out", scene.directory),
            MAIL_FROM="programma@rete.example",
            MAIL_LEDGER=str(scene.directory / "ledger"),
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(self.server.port),
            SMTP_SECURITY="none",
        )
        self.processes = (self._in, self._out)
        self._before = LettersOut()
        self._written = 0

    def prepare(self) -> None:
        """Let people know who writes to us."""
        know_sender(self._stores["lead", "people"], SENDER)

    def end(self) -> None:
        """End what is no process."""
        self.writer.end()
        self.server.stop()

    def deaths(self, chance: random.Random) -> Iterator[list[Death]]:
        """Each failpoint once; at the same time one of mail in and one of mail out."""
        into, out = [*MAIL_IN, POST_IN_ANYWHERE], [*MAIL_OUT, POST_OUT_ANYWHERE]
        chance.shuffle(into)
        chance.shuffle(out)
        for pair in zip_longest(into, out):
            yield [
                self._death(process, name, chance)
                for process, name in zip(self.processes, pair, strict=True)
                if name is not None
            ]

    def _death(self, process: Running, name: str, chance: random.Random) -> Death:
        if name in (POST_IN_ANYWHERE, POST_OUT_ANYWHERE):
            return Death(process, name, after=chance.uniform(0, 0.5))
        return Death(process, name, 1 if name in PROVOKED else chance.randint(1, 3))

    def begin(self, deaths: list[Death]) -> None:
        """Let *deaths* come; what brings a process past its failpoint happens once."""
        self._written = len(self.writer.book.sent)
        for death in deaths:
            death.prepare()
        names = {death.name for death in deaths}
        if "between noting and moving" in names:
            self.writer.write_too_large()
        if names & {"before a failure is noted", "before a failure is stored"}:
            self.server.behaviour.answers["RCPT"] = ["550 5.1.1 nobody here"]
        if "before a doubt is stored" in names:
            self.server.behaviour.answers["DOT"] = [CUT]

    def settled(self) -> bool:
        """Whether all that came has had its effects, to the last letter."""
        notify = self._stores["lead", "notify"]
        with notify.database.reading() as connection:
            if mails.to_sort(connection, 1) or self._folders()["INBOX"]:
                return False
        if missing(self._stores):  # what was read meanwhile
            return False
        outbox = Outbox(notify, None)
        return outbox.at_rest() and not outbox.to_send()

    def _folders(self) -> dict[str, int]:
        return {name: self._mailbox.count(USER, name) for name in FOLDERS}

    def judge(self, deaths: list[Death]) -> list[Line]:
        """What became of mails and letters since *deaths* began: a line for each of them."""
        lines = {death.process: Line(death.name, kills=1) for death in deaths}
        last = list(lines.values())[-1]
        notify, pacts = Log(self._stores["lead", "notify"]), Log(self._stores["lead", "pacts"])
        self._judge_mails(notify, pacts, lines.get(self._in, last))
        self._judge_letters(notify, lines.get(self._out, last))
        return list(lines.values())

    def _judge_mails(self, notify: Log, pacts: Log, line: Line) -> None:
        book = self.writer.book
        found = judge_mails(notify, pacts, book, self._folders())
        new = set(list(book.sent)[self._written :])
        line.attempts, line.acknowledged = len(new), len(new & book.taken)
        line.stored = len(new & found.kept)
        line.recovered = len(new & found.kept - book.taken)
        found.add_to(line)

    def _judge_letters(self, notify: Log, line: Line) -> None:
        found = judge_letters(notify, self.server.taken)
        before, self._before = self._before, found
        due, ended = found.due - before.due, found.ended - before.ended
        line.attempts, line.acknowledged = len(due), len(due & found.taken)
        line.stored, line.recovered = ended[SENT], ended[UNCERTAIN]
        if not (line.name == POST_OUT_ANYWHERE and ended[UNCERTAIN] == 1):
            found.same("letters in doubt", ended[UNCERTAIN], int(line.name in NOBODY_KNOWS))
        refused = int(line.name == "before a failure is stored")
        found.same("letters given up", ended[GIVEN_UP], refused)
        found.add_to(line)
