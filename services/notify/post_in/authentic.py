"""Whether somebody vouches for the sender's domain: our own provider, or a DKIM signature.

The verdict is noted with the mail; ``fail`` leaves it to a person.
"""

import re
from collections.abc import Callable
from email.message import Message

MOST_SIGNATURES = 5
ONE_QUESTION = 3.0
"""Seconds for one question to the name server."""
METHOD = re.compile(r"\b(dmarc|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
NAMES = Callable[[bytes, float], bytes | None]


def verdict(
    raw: bytes, mail: Message, sender: str | None, authserv: str | None, resolver: str | None
) -> str:
    """``pass``, ``fail`` or ``none`` for the domain of *sender*."""
    if sender is None:
        return "none"
    domain = sender.rpartition("@")[2]
    if authserv is not None and (told := _told_by(mail, authserv)) is not None:
        return told
    if resolver is not None and "DKIM-Signature" in mail:
        return _signed(raw, mail, domain, _asking(resolver))
    return "none"


def _told_by(mail: Message, authserv: str) -> str | None:
    """What our own provider found, in the topmost Authentication-Results (RFC 8601); or None."""
    top = str((mail.get_all("Authentication-Results") or [""])[0])[:4_000]
    named, _, results = top.partition(";")
    if named.split()[:1] != [authserv]:
        return None
    told = {method.lower(): result.lower() for method, result in METHOD.findall(results)}
    result = told.get("dmarc")
    return result if result in ("pass", "fail") else None


def _signed(raw: bytes, mail: Message, domain: str, names: NAMES) -> str:
    """Whether a signature of the sender's domain, or of one above it, holds (RFC 6376)."""
    import dkim

    if len(mail.get_all("DKIM-Signature") or []) > MOST_SIGNATURES:
        return "none"
    found = dkim.DKIM(raw)
    failed = False
    for number in range(len(mail.get_all("DKIM-Signature") or [])):
        try:
            holds = found.verify(number, dnsfunc=lambda name, timeout=5: names(name, timeout))
        except dkim.DKIMException:
            holds = False
        except Exception:  # no answer of the name server, say: nothing is known
            continue
        signer = (found.domain or b"").decode("ascii", "replace").lower()
        if domain == signer or domain.endswith(f".{signer}"):
            if holds:
                return "pass"
            failed = True
    return "fail" if failed else "none"


def _asking(resolver: str) -> NAMES:
    """A function that asks the name server *resolver* for the TXT record of a name."""
    import dns.message
    import dns.query
    import dns.rdatatype

    host, _, port = resolver.rpartition(":")

    def ask(name: bytes, timeout: float) -> bytes | None:
        question = dns.message.make_query(name.decode("ascii"), dns.rdatatype.TXT)
        answer = dns.query.udp(question, host, timeout=ONE_QUESTION, port=int(port))
        for rrset in answer.answer:
            for record in rrset:
                if record.rdtype == dns.rdatatype.TXT:
                    return b"".join(record.strings)
        return None

    return ask
