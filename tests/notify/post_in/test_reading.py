"""The limited child: what it may not do, and what becomes of a mail that is its end."""

import os
import sys
import time

import pytest

from services.notify.post_in import deciding, reading
from services.notify.post_in.found import LARGEST_FOUND, Asked, Kind
from services.notify.post_in.mail import Doubt
from tests.notify.post_in import places
from tests.notify.post_in.papers import ARRIVED, DEDICATED, form, mail
from tests.review.office import Office

ASKED = Asked([DEDICATED], None, None, None, ARRIVED)
LIMITED = "from services.notify.post_in.child import limit; limit(); "


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


ENDS = {
    "killed": ("sh", "-c", "kill -9 $$"),
    "crashed": ("sh", "-c", "exit 3"),
    "answer": ("echo", "nonsense"),
    "answer_too_long": ("head", "-c", str(LARGEST_FOUND + 1), "/dev/zero"),
    "out_of_time": ("sleep", "60"),
}


@pytest.mark.parametrize("code", ENDS)
def test_however_the_child_ends_there_is_an_outcome(code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "COMMAND", ENDS[code])
    monkeypatch.setattr(reading, "PATIENCE", 1.0)
    found = reading.read(mail() * 1000, ASKED)
    assert (found.kind, found.why, found.code) == (Kind.DOUBT, Doubt.UNREADABLE, code)


MAY_NOT = {
    "memory": "x = bytearray(2 << 30)",
    "write": "import tempfile; f = tempfile.TemporaryFile(); f.write(b'x' * 9999); f.flush()",
    "time": "exec('while True: pass')",
    "descriptors": "import os; [os.dup(0) for n in range(100)]",
    "lift the limits": "import resource as r; r.setrlimit(r.RLIMIT_CPU, (99, 99))",
}


@pytest.mark.parametrize("what", MAY_NOT)
def test_the_child_may_not(what: str, monkeypatch: pytest.MonkeyPatch):
    program = LIMITED
    if what == "lift the limits":  # root may, and the child never is root in production
        program += "import os; os.getuid() or (os.setgid(65534), os.setuid(65534)); "
    if what == "time":
        program = f"import services.notify.post_in.child as c; c.CPU_SECONDS = 1; {program}"
    monkeypatch.setattr(reading, "COMMAND", python(program + MAY_NOT[what] + "; print('{}')"))
    found = reading.read(b"", ASKED)
    assert found.code == ("killed" if what == "time" else "crashed")


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORGANISATION_SECRET", "07" * 32)
    known = "{'PATH', 'PYTHONPATH', 'LC_CTYPE'}"
    program = f"import os, sys; print('{{}}'); sys.exit(bool(set(os.environ) - {known}))"
    monkeypatch.setattr(reading, "COMMAND", python(program))
    assert reading.read(b"", ASKED).code == "answer"


def test_what_the_child_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path):
    told = tmp_path / "pid"
    monkeypatch.setattr(reading, "COMMAND", ("sh", "-c", f"sleep 60 & echo $! > {told}; sleep 60"))
    monkeypatch.setattr(reading, "PATIENCE", 1.0)
    reading.read(b"", ASKED)
    end = time.monotonic() + 10
    while os.path.exists(f"/proc/{told.read_text().strip()}/exe"):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_defect_leaves_the_mail_to_a_person_and_the_others_go_on(
    lead: Office, monkeypatch: pytest.MonkeyPatch
):
    places.know(lead)
    for number in range(3):
        places.received(lead, mail(form(), message_id=f"<{number}@x>"))
    real, count = deciding.read, iter(range(3))

    def read(raw: bytes, asked: Asked):
        if next(count) == 1:
            raise ZeroDivisionError
        return real(raw, asked)

    monkeypatch.setattr(deciding, "read", read)
    places.sort_all(lead, places.settings())
    assert places.became(lead) == [
        ("FormReceived", None, None),
        ("MailLeftToAPerson", "unreadable", "defect"),
        ("FormReceived", None, None),
    ]
