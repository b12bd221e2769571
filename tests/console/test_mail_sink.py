"""The demo's letters are kept as files, each whole, and listed."""

import io
import smtplib
import socket
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.console import Console

from services.console.mail_sink import LARGEST, MailSink, kept, table


def letter(subject: str = "Proposta ricevuta: è arrivata", size: int = 10) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "programma@rete.example"
    mail["To"] = "referente.prova@rete.example"
    mail["Subject"] = subject
    mail["Date"] = datetime(2026, 6, 4, 8, tzinfo=UTC)
    mail.set_content("x" * size)
    return mail


def send(sink: MailSink, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as server:
        server.send_message(mail)


def test_a_mail_is_kept_as_it_came(tmp_path: Path):
    with MailSink(tmp_path / "mail") as sink:
        send(sink, letter())
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "0001-proposta-ricevuta-e-arrivata.eml"
    (mail,) = kept(tmp_path / "mail")
    assert (mail.file, mail.to) == (path, "referente.prova@rete.example")
    assert mail.subject == "Proposta ricevuta: è arrivata"
    assert (mail.at, mail.answers, mail.attached) == (
        datetime(2026, 6, 4, 8, tzinfo=UTC),
        False,
        (),
    )


def test_mails_that_come_at_once_are_all_kept(tmp_path: Path):
    with MailSink(tmp_path) as sink:
        threads = [threading.Thread(target=send, args=(sink, letter())) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [int(each.file.name[:4]) for each in kept(tmp_path)] == list(range(1, 21))


def test_a_second_run_keeps_its_mails_beside_the_first_ones(tmp_path: Path):
    for _ in range(2):
        with MailSink(tmp_path) as sink:
            send(sink, letter())
    assert len(list(kept(tmp_path))) == 2


@pytest.mark.parametrize("subject", ["../../etc/passwd", "", "?" * 500, "日本"])
def test_a_subject_never_leaves_the_folder(tmp_path: Path, subject: str):
    path = MailSink(tmp_path / "mail").keep(letter(subject).as_bytes())
    assert path.parent == tmp_path / "mail"
    assert len(path.name) < 80


def test_it_listens_on_this_machine_only_and_takes_no_giant(tmp_path: Path):
    with MailSink(tmp_path) as sink:
        assert sink.port != 0
        with pytest.raises(smtplib.SMTPException):
            send(sink, letter(size=LARGEST + 1))
        port = sink.port
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
    assert list(kept(tmp_path)) == []


def test_the_mails_are_listed(tmp_path: Path):
    answer = letter("La proposta va corretta")
    answer["In-Reply-To"] = "<a@b>"
    answer.add_attachment(b"x", maintype="text", subtype="calendar", filename="comitato.ics")
    sink = MailSink(tmp_path)
    sink.keep(answer.as_bytes())
    printed = io.StringIO()
    Console(file=printed, width=160).print(table(kept(tmp_path)))
    assert "04/06/2026 08:00" in printed.getvalue()
    assert "La proposta va corretta" in printed.getvalue()
    assert "risposta, comitato.ics" in printed.getvalue()


def test_a_letter_to_several_people_is_one_row(tmp_path: Path):
    sink = MailSink(tmp_path)
    for to in ("uno@rete.example", "due@rete.example"):
        mail = letter("Ordine del giorno del comitato")
        mail.replace_header("To", to)
        sink.keep(mail.as_bytes())
    printed = io.StringIO()
    Console(file=printed, width=160).print(table(kept(tmp_path)))
    assert printed.getvalue().count("Ordine del giorno del comitato") == 1
    assert printed.getvalue().index("uno@rete") < printed.getvalue().index("due@rete")
