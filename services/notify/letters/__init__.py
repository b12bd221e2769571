"""Letters in plain Italian, as plain text and as HTML: one template for each kind of notice.

Several reminders to one person are one digest, by day and by what is to be done.

A template says what the letter says; two frames say how it looks. Codes and links only: no name and
no amount comes in here [1].
"""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import css_inline
from babel.dates import format_date
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined

from services.notify.mending import sentence, why_not_read
from services.notify.notice import Kind, Reason, Subject

ITALIAN = "it_IT"
WIDTH = 72
"""Characters in a line of plain text."""


LEADS_TO_NO_CONTACT = frozenset(
    {
        Kind.PROPOSAL_RECEIVED,
        Kind.PROPOSAL_RECEIVED_LATE,
        Kind.PROPOSAL_OVERDUE,
        Kind.REMINDER_DECISION,
        Kind.SECOND_LOOK_ASKED,
        Kind.DOCKET_SET,
        Kind.FORM_REFUSED,
        Kind.FORM_NOT_READ,
        Kind.CONTACT_RESTRICTED,
        Kind.CONTACT_NO_LONGER_RESTRICTED,
    }
)
"""Letters about a family that say nothing of *contatto sicuro*: receipts, what the committee reads,
which reaches no family and so need not know, and those that tell of the mark itself."""


@dataclass(frozen=True)
class Text:
    """A letter as it is read."""

    subject: str
    plain: str
    html: str


@dataclass(frozen=True)
class Entry:
    """One reminder among those of a digest; *restricted*: so is every contact with its family."""

    what: Kind
    subject: Subject
    due: date | None
    restricted: bool = False


def write(
    what: Kind,
    subject: Subject,
    due: date | None,
    reasons: tuple[Reason, ...] = (),
    portal: str | None = None,
    answered: bool = False,
    restricted: bool = False,
) -> Text:
    """The letter of kind *what*.

    Args:
        due: day that the notice is about.
        reasons: what is to be mended in a form, or why a mail holds none that can be read.
        portal: root of the links; without it there are none.
        answered: whether somebody reads what is answered to it.
        restricted: every contact with its family is restricted.
    """
    say = why_not_read if what is Kind.FORM_NOT_READ else sentence
    words: dict[str, Any] = {
        "family": subject.family,
        "pact": subject.pact,
        "cycle": subject.cycle,
        "number": subject.number,
        "organisation": subject.organisation,
        "due": due,
        "erased": any(reason.kind == "form_erased" for reason in reasons),
        "mend": [say(reason.kind, reason.facts) for reason in reasons],
        "url": lambda *path: _url(portal, path),
        "answered": answered,
        "careful": careful([Entry(what, subject, due, restricted)]),
    }
    return _drawn(what.value, words)


def write_digest(entries: Sequence[Entry], portal: str | None, answered: bool) -> Text:
    """The reminders *entries*, of one person, in one letter: what is due first comes first.

    Args:
        portal: root of the links; without it there are none.
        answered: whether somebody reads what is answered to it.
    """
    sections: dict[tuple[date, str], list[Subject]] = {}
    for each in entries:
        sections.setdefault((each.due or date.max, each.what.value), []).append(each.subject)
    words: dict[str, Any] = {
        "sections": [
            {"what": what, "due": due, "about": sorted(about, key=_order)}
            for (due, what), about in sorted(sections.items())
        ],
        "url": lambda *path: _url(portal, path),
        "answered": answered,
        "careful": careful(entries),
    }
    return _drawn("digest", words)


def careful(entries: Iterable[Entry]) -> str:
    """What a letter says where *entries* may lead to a contact that is restricted; else nothing."""
    families = {
        str(each.subject.family)
        for each in entries
        if each.restricted and each.what not in LEADS_TO_NO_CONTACT
    }
    if not families:
        return ""
    only = "si contatta" if len(families) == 1 else "si contattano"
    return (
        f"Contatto sicuro: {', '.join(sorted(families))} {only} soltanto nel modo concordato. "
        "Prima di telefonare, scrivere o fissare un incontro chiedi a chi verifica i requisiti."
    )


def _order(subject: Subject) -> tuple[str, int]:
    return subject.family or "", subject.number or 0


def _drawn(template: str, words: dict[str, Any]) -> Text:
    plain, html = _environment("plain"), _environment("html")
    said = plain.get_template(f"{template}.jinja").make_module(words)
    shown = html.get_template(f"{template}.jinja").make_module(words)
    title = " ".join(str(vars(said)["subject"]).split())
    page = html.get_template("page.html.jinja").render(words, title=title, body=shown)
    return Text(
        title,
        plain.get_template("page.txt.jinja").render(words, body=_airy(str(said))) + "\n",
        _inliner().inline(page),
    )


def day(value: date) -> str:
    """As ``venerdì 10 luglio 2026``."""
    return format_date(value, "EEEE d MMMM y", locale=ITALIAN)


def month(cycle: str) -> str:
    """As ``luglio 2026``, of a cycle's name ``2026-07``."""
    return format_date(date.fromisoformat(f"{cycle}-01"), "LLLL y", locale=ITALIAN)


def _url(portal: str | None, path: tuple[object, ...]) -> str | None:
    if portal is None:
        return None
    return "/".join((portal, *(quote(str(each), safe="") for each in path)))


@lru_cache(maxsize=2)
def _environment(frame: str) -> Environment:
    """Templates that are drawn with *frame*, ``plain`` or ``html``; a missing word is a defect."""
    here = PackageLoader("services.notify.letters", "templates")
    drawn = {"frame": here.get_source(_bare(), f"frame.{frame}.jinja")[0]}
    loaders: list[BaseLoader] = [DictLoader(drawn), here]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=frame == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Any] = {"day": day, "month": month, "fill": _fill}
    made.filters.update(filters)
    return made


def _bare() -> Environment:
    return Environment(autoescape=True)


def _fill(words: str, indent: str = "") -> str:
    """*words* in lines of at most :data:`WIDTH` characters; codes are not broken."""
    return textwrap.fill(
        " ".join(words.split()),
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _airy(words: str) -> str:
    """*words* with one empty line, not more, between two paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", words).strip()


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
