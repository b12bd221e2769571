"""The limited child: what it may not do, and what becomes of a mail that is its end."""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from services.notify.mail import Doubt
from services.notify.post_in import reading
from services.notify.post_in.found import LARGEST_FOUND, Asked, Kind
from services.notify.post_in.reading import Readers
from services.notify.post_in.sorter import Sorter
from tests.notify.post_in import places
from tests.notify.post_in.papers import ARRIVED, DEDICATED, form, mail
from tests.review.office import Office

pytestmark = pytest.mark.mail

ASKED = Asked([DEDICATED], None, None, None, ARRIVED)
LIMITED = "import services.notify.post_in.child as c; c.CPU_SECONDS = 1; c.limit(); "


def code_of(act: str, patience: float = 20.0, raw: bytes = b"") -> str | None:
    """What becomes of *raw*, if the child does *act*."""
    program = (
        "import os, sys, time\n"
        "from services.notify.post_in.nursery import serve\n"
        f"def act():\n    {act}\n"
        f"serve(act, {patience})"
    )
    readers = Readers((sys.executable, "-c", program))
    try:
        found = readers.read(raw, ASKED)
    finally:
        readers.close()
    assert found.kind is Kind.DOUBT
    assert found.why == Doubt.UNREADABLE
    return found.code


ENDS = {
    "killed": "os.kill(os.getpid(), 9)",
    "crashed": "raise ZeroDivisionError",
    "answer": "print('nonsense')",
    "answer_too_long": f"print('x' * {LARGEST_FOUND * 2})",
    "out_of_time": "time.sleep(60)",
}


@pytest.mark.parametrize("code", ENDS)
def test_however_the_child_ends_there_is_an_outcome(code: str):
    assert code_of(ENDS[code], patience=1.5, raw=mail() * 1_000) == code


def test_a_nursery_that_is_stuck_or_gone_is_an_outcome_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "PATIENCE", 1.0)
    for command in (("sleep", "60"), ("true",), ("no such program",)):
        readers = Readers(command)
        assert readers.read(mail(), ASKED).code == "no_child"
        readers.close()


MAY_NOT = {
    "memory": "x = bytearray(2 << 30)",
    "write": "import tempfile; f = tempfile.TemporaryFile(); f.write(b'x' * 9999); f.flush()",
    "time": "exec('while True: pass')",
    "descriptors": "[os.dup(0) for n in range(100)]",
    "lift the limits": "import resource as r; r.setrlimit(r.RLIMIT_CPU, (99, 99))",
}
NOT_AS_ROOT = "os.getuid() or (os.setgid(65534), os.setuid(65534)); "


@pytest.mark.parametrize("what", MAY_NOT)
def test_the_child_may_not(what: str):
    code = code_of(LIMITED + NOT_AS_ROOT + MAY_NOT[what] + "; print('nonsense')")
    assert code in ("crashed", "killed")


def test_within_its_limits_it_may():
    assert code_of(LIMITED + NOT_AS_ROOT + "print('nonsense')") == "answer"


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORGANISATION_SECRET", "07" * 32)
    known = "{'PATH', 'PYTHONPATH', 'LC_CTYPE'}"
    assert code_of(f"assert not set(os.environ) - {known}; print('nonsense')") == "answer"


def test_what_the_child_started_ends_with_it(tmp_path):
    told = tmp_path / "pid"
    began = time.monotonic()
    act = f"os.system('sleep 60 & echo $! > {told}'); time.sleep(60)"
    assert code_of(act, patience=1.5) == "out_of_time"
    assert time.monotonic() - began < 30
    end = time.monotonic() + 10
    while os.path.exists(f"/proc/{told.read_text().strip()}/exe"):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers()
    yield made
    made.close()


def test_one_nursery_reads_many_mails_and_none_knows_of_another(readers: Readers):
    found = [readers.read(mail(form()), ASKED) for _ in range(3)]
    assert [each.kind for each in found] == [Kind.FORM] * 3
    assert found[0].fields == found[2].fields


def test_after_a_nursery_was_killed_the_next_mail_is_read(readers: Readers):
    assert readers.read(mail(form()), ASKED).kind is Kind.FORM
    assert readers._process is not None
    readers._process.kill()
    readers._process.wait()
    assert readers.read(mail(form()), ASKED).kind is Kind.FORM


def test_a_defect_leaves_the_mail_to_a_person_and_the_others_go_on(lead: Office, readers: Readers):
    places.know(lead)
    for number in range(3):
        places.received(lead, mail(form(), message_id=f"<{number}@x>"))
    real, count = readers.read, iter(range(3))

    def read(raw: bytes, asked: Asked):
        if next(count) == 1:
            raise ZeroDivisionError
        return real(raw, asked)

    readers.read = read  # type: ignore[method-assign]
    Sorter(lead.store, places.settings(), readers).sort_all()
    assert places.became(lead) == [
        ("FormReceived", None, None),
        ("MailLeftToAPerson", "unreadable", "defect"),
        ("FormReceived", None, None),
    ]
