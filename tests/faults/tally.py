"""What is counted: the failpoints, and for each of them one line of a table."""

from dataclasses import dataclass, field

SERVING = (
    "after claiming the key",
    "between events and said",
    "between said and views",
    "before commit",
    "after commit",
)
SENDING = (
    "before send",
    "between send and confirm",
    "before cursor is saved",
    "after cursor is saved",
)
HEARING = (
    "before inbox commit",
    "between inbox commit and ack",
    "before ack",
    "after ack",
    "between heard and apply",
    "between apply and heard",
    "before heard commit",
    "after heard commit",
)
CALENDAR = ("between duties", "before day close", "after day close")
PROVING = ("before checkpoint commit", "between checkpoint and send")
WITNESSING = ("before witnessed commit", "between witnessed and answer")
MIGRATION = "during migration"
REBUILDING = ("during rebuild", "before a view is switched")
KERNEL = (
    *SERVING,
    *SENDING,
    *HEARING,
    *CALENDAR,
    *PROVING,
    *WITNESSING,
    MIGRATION,
    *REBUILDING,
)

MAIL_IN = (
    "before mail commit",
    "after mail commit",
    "after the answer",
    "between reading and sorting",
    "between sorting and said",
    "after sorting",
    "between keeping and moving",
    "after moving",
    "between noting and moving",
)
MAIL_OUT = (
    "before letters are due",
    "after letters are due",
    "before handing over",
    "before the dot",
    "after the dot",
    "before taken is noted",
    "before sent is stored",
    "after sent is stored",
    "before a failure is noted",
    "before a failure is stored",
    "before a doubt is stored",
)
FAILPOINTS = (*KERNEL, *MAIL_IN, *MAIL_OUT)
"""Every failpoint of the services; a test compares this with their source and with the README."""

ANYWHERE = "process killed anywhere"
POST_IN_ANYWHERE = "post_in killed anywhere"
POST_OUT_ANYWHERE = "post_out killed anywhere"
MAIL = (*MAIL_IN, POST_IN_ANYWHERE, *MAIL_OUT, POST_OUT_ANYWHERE)
STOPPED = "process stopped by SIGTERM"
BROKER = "broker killed"
DATABASE = "database killed"


@dataclass
class Line:
    """What became of what was sent while one failpoint ended processes.

    Attributes:
        attempts: commands, or mails, that were sent at least once; letters that are due.
        acknowledged: those that were answered; letters that the mail server has.
        stored: those of which the event is in the log; letters that are recorded as sent.
        lost: acknowledged and not stored, published and not said, said and not heard or applied.
        doubled: stored, said or applied more than once; answered differently the second time.
        broken: other promises: positions, chains, views, vault.
        recovered: stored, although nobody was told; letters of which it is recorded that nobody
            knows.
    """

    name: str
    kills: int = 0
    attempts: int = 0
    acknowledged: int = 0
    stored: int = 0
    recovered: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Line") -> None:
        """Count *other* too."""
        for name, value in vars(other).items():
            if name != "name":
                setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        return (
            f"{self.name:28} {self.kills:5} {self.attempts:8} {self.acknowledged:12} "
            f"{self.stored:6} {len(self.lost):4} {len(self.doubled):7} {self.recovered:9}"
        )


HEADING = (
    f"{'failpoint':28} {'kills':>5} {'attempts':>8} {'acknowledged':>12} "
    f"{'stored':>6} {'lost':>4} {'doubled':>7} {'recovered':>9}"
)


class Tally:
    """The lines of one or more campaigns.

    Attributes:
        ended: processes that ended by themselves, as when their database is away for too long.
    """

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.events = 0
        self.ended: list[str] = []

    def add(self, line: Line) -> None:
        """Count *line*."""
        self.lines.setdefault(line.name, Line(line.name)).add(line)

    def merge(self, other: "Tally") -> None:
        """Count everything of *other*."""
        self.events += other.events
        self.ended += other.ended
        for line in other.lines.values():
            self.add(line)

    def faults(self) -> dict[str, list[str]]:
        """Everything that was lost, doubled or broken, by what it is."""
        kinds = ("lost", "doubled", "broken")
        found = {
            kind: [
                f"{line.name}: {case}"
                for line in self.lines.values()
                for case in getattr(line, kind)
            ]
            for kind in kinds
        }
        return {kind: cases for kind, cases in found.items() if cases}

    def __str__(self) -> str:
        order = [*FAILPOINTS, POST_IN_ANYWHERE, POST_OUT_ANYWHERE]
        order += [ANYWHERE, STOPPED, BROKER, DATABASE]
        lines = sorted(self.lines.values(), key=lambda line: order.index(line.name))
        total = Line("all")
        for line in lines:
            total.add(line)
        ended = f"ended by themselves: {', '.join(sorted(self.ended)) or 'none'}"
        return "\n".join([HEADING, *map(str, lines), str(total), f"{self.events} events", ended])
