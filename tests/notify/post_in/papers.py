"""Forms and mails as the tests send them: real PDFs, real MIME; whoever they name is invented."""

import base64
import io
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

DEDICATED = "patti@rete.example"
LEAD_MEMBER = "assistente.sociale@comune.example"
STRANGER = "sconosciuto@altrove.example"
REFERENCE = "lead/LEAD-7K3M9Q-8/1/1"
PARTNERS = "nord/NORD-2X8W5T-R/1/1"
ARRIVED = datetime(2026, 6, 1, 10, tzinfo=UTC)

FILLED = {
    "_v": "1",
    "_tag": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "obiettivo_1": "Imparare l'italiano\ncon la signora Šarić, 20 €",
    "azione_1_area": "lavoro_e_formazione",
}


def form(
    reference: str | None = REFERENCE,
    values: Mapping[str, str] = FILLED,
    more: Any = lambda pdf: None,
    **save: Any,
) -> bytes:
    """A PDF form: ``_rif``, *values*, and whatever *more* does to it."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    named = dict(values) if reference is None else {"_rif": reference, **values}
    fields = [
        pdf.make_indirect(
            Dictionary(
                FT=Name.Tx,
                T=String(name),
                V=String(value),
                Type=Name.Annot,
                Subtype=Name.Widget,
                Rect=Array([0, 0, 10, 10]),
            )
        )
        for name, value in named.items()
    ]
    pdf.pages[0].Annots = Array(fields)
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(fields)))
    more(pdf)
    out = io.BytesIO()
    pdf.save(out, **save)
    return out.getvalue()


def add_fields(*fields: Any) -> Any:
    def more(pdf: pikepdf.Pdf) -> None:
        for make in fields:
            pdf.Root.AcroForm.Fields.append(make(pdf))

    return more


def with_javascript(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def cyclic(pdf: pikepdf.Pdf) -> Any:
    field = pdf.make_indirect(Dictionary(T=String("giro")))
    field.Kids = Array([field])
    return field


def deep(levels: int) -> Any:
    def make(pdf: pikepdf.Pdf) -> Any:
        field = pdf.make_indirect(Dictionary(T=String("foglia"), FT=Name.Tx, V=String("v")))
        for _ in range(levels - 1):
            field = pdf.make_indirect(Dictionary(T=String("n"), Kids=Array([field])))
        return field

    return make


def many(count: int) -> Any:
    def more(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.Fields = Array(
            [
                *pdf.Root.AcroForm.Fields,
                *(
                    pdf.make_indirect(Dictionary(T=String(f"f{n}"), FT=Name.Tx, V=String("x")))
                    for n in range(count)
                ),
            ]
        )

    return more


def bomb(pdf: pikepdf.Pdf) -> None:
    """A value, an XFA stream and a page that would be 300 MB."""
    stream = pdf.make_stream(b"")
    stream.write(zlib.compress(b"\0" * (300 << 20), 9), filter=Name.FlateDecode)
    pdf.Root.AcroForm.XFA = stream
    pdf.pages[0].Contents = stream
    pdf.Root.AcroForm.Fields[0].V = stream


def mail(
    *attached: bytes,
    sender: str = LEAD_MEMBER,
    message_id: str | None = "<1@comune.example>",
    subject: str = "Proposta di patto",
    text: str = "Buongiorno, in allegato la proposta.\n",
    **headers: str,
) -> bytes:
    """A mail with *attached* files, in the bytes that a mail program would send."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = DEDICATED
    made["Subject"] = subject
    made["Date"] = "Mon, 01 Jun 2026 11:59:00 +0200"
    if message_id is not None:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for number, content in enumerate(attached, 1):
        made.add_attachment(
            content, maintype="application", subtype="pdf", filename=f"allegato{number}.pdf"
        )
    return made.as_bytes()


def raw_mail(headers: bytes, body: bytes, sender: str = LEAD_MEMBER) -> bytes:
    """A mail whose bytes no program would write."""
    first = f"From: {sender}\r\nTo: {DEDICATED}\r\nMessage-ID: <raw@comune.example>\r\n"
    return first.encode() + headers + b"\r\n" + body


def many_parts(count: int) -> bytes:
    return raw_mail(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n',
        b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n",
    )


def nested(depth: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return raw_mail(
        b"MIME-Version: 1.0\r\n" + opened[: opened.index(b"\r\n") + 2],
        opened[opened.index(b"\r\n") + 4 :],
    )


def nested_messages(depth: int) -> bytes:
    return raw_mail(
        b"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n",
        b"Content-Type: message/rfc822\r\n\r\n" * depth,
    )


def many_addresses(count: int) -> bytes:
    return raw_mail(
        b"Cc: " + b",\r\n ".join(b"a%d@b.example" % n for n in range(count)) + b"\r\n", b"x\r\n"
    )


def many_encoded_words(count: int) -> bytes:
    return raw_mail(
        b"Subject: " + b"\r\n ".join([b"=?utf-8?q?=C3=A8?="] * count) + b"\r\n", b"x\r\n"
    )


def sized(size: int, *attached: bytes) -> bytes:
    """A mail of exactly *size* bytes, with the forms first and base64 lines after them."""
    start = mail(*attached, form(None, {}), message_id=f"<{size}@comune.example>")
    end = start.rindex(b"\r\n--")
    line = base64.b64encode(b"\0" * 57) + b"\r\n"
    missing = size - len(start)
    filling = line * (missing // len(line)) + b"\r\n" * (missing % len(line) // 2)
    filling += b" " * (missing - len(filling))
    return start[:end] + filling + start[end:]
