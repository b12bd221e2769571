"""Virtual hosts, users and the shovels that join them, made over the broker's management interface.

One virtual host for each organisation. What A says to B waits in the quorum queue ``to.B`` of A's
virtual host; a shovel carries it, with confirms at both ends, as a user that may do one thing in
B's virtual host: publish to the exchange ``said`` under keys that begin with A's name and are meant
for B. Only A's own words enter ``to.B``, so that nothing goes round in circles, and nobody can put
a message there that B would refuse (one such message would hold up all that wait behind it).

Routing keys are ``<organisation>.<service>.<organisation that hears>`` for facts, with
``.<service that is asked>`` behind them for requests.

The queues that carry words have no delivery limit worth the name. RabbitMQ 4 drops what was handed
over 21 times and not acknowledged, with everything that was handed over beside it. A call
(``rpc-…``) keeps the broker's own limit: it shall not end its service for ever, and who asked asks
again.
"""

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import Request, urlopen

EXCHANGE = "said"
TIMEOUT = 20.0
"""Seconds that the management interface gets for one answer."""
ALL, NONE = ".*", "^$"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""An organisation's name is one word of a routing key."""
WORDS_ARE_KEPT = {
    "pattern": r"^(to|heard|resend)\.",
    "apply-to": "queues",
    "definition": {"delivery-limit": 2**31 - 1},
}
"""Policy of every virtual host. RabbitMQ 4 has also -1, for no limit, which 3.10 refuses; a number
holds in both, and so also while a broker is upgraded."""


@dataclass(frozen=True)
class Place:
    """Where an organisation lives on this broker."""

    vhost: str
    user: str
    password: str = field(repr=False)


class Topology:
    """Makes and joins the virtual hosts of one broker; doing it twice changes nothing."""

    def __init__(self, management_url: str, admin: str, password: str, amqp_address: str) -> None:
        """Prepare; nothing is made yet.

        Args:
            management_url: root of the management interface.
            admin: user with the tag ``administrator``.
            password: of that user.
            amqp_address: ``host:port`` by which the organisations and the shovels reach the broker.
        """
        self._api = f"{management_url.rstrip('/')}/api"
        self._address = amqp_address
        pair = f"{admin}:{password}".encode()
        self._authorization = f"Basic {base64.b64encode(pair).decode()}"
        self._admin = admin
        self._places: dict[str, Place] = {}

    def organisation(self, name: str, password: str, vhost: str | None = None) -> str:
        """Virtual host, user and exchange of *name*; the AMQP URL by which its processes connect.

        Every queue declared there without a type is a quorum queue, and words are kept in it
        however often they are handed over.

        Args:
            name: as it stands in routing keys.
            password: of the user, which is called like the virtual host.
            vhost: another name for both, to keep two installations on one broker apart.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be one word of a routing key")
        place = Place(vhost or name, vhost or name, password)
        self._places[name] = place
        # RabbitMQ 3.10 reads the first name, 4 the second; both show the second.
        quorum = {"defaultqueuetype": "quorum", "default_queue_type": "quorum"}
        self._put(_path("vhosts", place.vhost), quorum, shown={"default_queue_type": "quorum"})
        self._user(place)
        self._permit(place.vhost, place.user, ALL, ALL, ALL)
        self._permit(place.vhost, self._admin, ALL, ALL, ALL)
        self._put(_path("policies", place.vhost, "words-are-kept"), WORDS_ARE_KEPT)
        self._put(
            _path("exchanges", place.vhost, EXCHANGE),
            {"type": "topic", "durable": True, "auto_delete": False, "arguments": {}},
        )
        return self._url(place)

    def join(self, one: str, other: str) -> None:
        """Carry what *one* says to *other*. Both must have been made by :meth:`organisation`."""
        here, there = self._places[one], self._places[other]
        queue = f"to.{other}"
        self._put(
            _path("queues", here.vhost, queue),
            {"durable": True, "auto_delete": False, "arguments": {"x-queue-type": "quorum"}},
        )
        self._bind(here.vhost, queue, f"{one}.*.{other}.#")
        shovel = _path("parameters", "shovel", here.vhost, f"to-{other}")
        carrier = self._carrier(here, there, self._get(shovel))
        self._user(carrier)
        self._permit(there.vhost, carrier.user, NONE, f"^{EXCHANGE}$", NONE)
        self._put(
            _path("topic-permissions", there.vhost, carrier.user),
            {"exchange": EXCHANGE, "write": may_say(one, other), "read": NONE},
        )
        self._put(
            shovel,
            {
                "value": {
                    "src-protocol": "amqp091",
                    "src-uri": self._url(here),
                    "src-queue": queue,
                    "src-prefetch-count": 500,
                    "dest-protocol": "amqp091",
                    "dest-uri": self._url(carrier),
                    "dest-exchange": EXCHANGE,
                    "ack-mode": "on-confirm",
                    "reconnect-delay": 1,
                }
            },
        )

    def joined(self, one: str, other: str) -> bool:
        """Whether the shovel from *one* to *other* is connected at both ends."""
        shovels = self._get(_path("shovels", self._places[one].vhost)) or []
        return any(s["name"] == f"to-{other}" and s.get("state") == "running" for s in shovels)

    def tags(self) -> list[str]:
        """The tags of the administrator, as the broker knows it.

        Raises:
            OSError, http.client.HTTPException: nobody answers, or we are not let in.
            ValueError: what answers is no management interface.
        """
        found = self._get("whoami")
        if not isinstance(found, dict):
            raise ValueError("no management interface")
        return list(found.get("tags", ()))

    def delete_organisation(self, name: str) -> None:
        """Take the virtual host of *name*, all that is in it, and all that leads there away.

        Only what :meth:`organisation` made or named here; done twice, it changes nothing.
        """
        if (place := self._places.pop(name, None)) is None:
            return
        users = {place.user}
        for permission in self._get(_path("vhosts", place.vhost, "permissions")) or []:
            if permission["user"].endswith(f"-at-{place.user}"):
                users.add(permission["user"])
        for shovel in self._get("parameters/shovel") or []:
            ends = _far_ends(shovel)
            if any(unquote(there.path.removeprefix("/")) == place.vhost for there in ends):
                self._call("DELETE", _path("parameters", "shovel", shovel["vhost"], shovel["name"]))
                queue = shovel["value"]["src-queue"]
                self._call("DELETE", _path("queues", shovel["vhost"], queue))
            if shovel["vhost"] == place.vhost:
                users.update(unquote(there.username or place.user) for there in ends)
        self._call("DELETE", _path("vhosts", place.vhost))
        for user in users:
            self._call("DELETE", _path("users", user))

    def _carrier(self, here: Place, there: Place, shovel: Any) -> Place:
        """The user that carries, with the password that its shovel has, or else a new one."""
        password = None
        if shovel is not None:
            password = urlsplit(shovel["value"]["dest-uri"]).password
        return Place(
            there.vhost,
            f"{here.user}-at-{there.user}",
            unquote(password) if password else secrets.token_urlsafe(24),
        )

    def _user(self, place: Place) -> None:
        path = _path("users", place.user)
        known = self._get(path)
        if known is None or not _is_password(place.password, known["password_hash"]):
            self._call("PUT", path, {"password": place.password, "tags": ""})

    def _permit(self, vhost: str, user: str, configure: str, write: str, read: str) -> None:
        self._put(
            _path("permissions", vhost, user),
            {"configure": configure, "write": write, "read": read},
        )

    def _bind(self, vhost: str, queue: str, key: str) -> None:
        """*queue* gets what *key* matches, and nothing else."""
        path = _path("bindings", vhost, "e", EXCHANGE, "q", queue)
        kept = False
        for binding in self._get(path):
            if binding["routing_key"] == key:
                kept = True
            else:
                self._call("DELETE", f"{path}/{quote(binding['properties_key'], safe='')}")
        if not kept:
            self._call("POST", path, {"routing_key": key, "arguments": {}})

    def _url(self, place: Place) -> str:
        user, password = quote(place.user, safe=""), quote(place.password, safe="")
        return f"amqp://{user}:{password}@{self._address}/{quote(place.vhost, safe='')}"

    def _put(self, path: str, words: dict[str, Any], shown: dict[str, Any] | None = None) -> None:
        """Make *path* so, unless it is shown to be so (a shovel that is put again starts anew)."""
        known = self._get(path)
        for each in known if isinstance(known, list) else [known]:
            if each is not None and (shown or words).items() <= each.items():
                return
        self._call("PUT", path, words)

    def _get(self, path: str) -> Any:
        """What is shown at *path*, or None."""
        return self._call("GET", path)

    def _call(self, method: str, path: str, words: dict[str, Any] | None = None) -> Any:
        request = Request(
            f"{self._api}/{path}",
            method=method,
            data=None if words is None else json.dumps(words).encode(),
            headers={"Content-Type": "application/json", "Authorization": self._authorization},
        )
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:
                body = answer.read()
        except HTTPError as error:
            if error.code == 404 and method in {"GET", "DELETE"}:
                return None
            error.add_note(f"{method} {path}: {error.read().decode(errors='replace')}")
            raise
        return json.loads(body) if body else None


def may_say(one: str, other: str) -> str:
    """The pattern of routing keys under which *one* may speak to *other*."""
    return rf"^{re.escape(one)}\.[^.]+\.{re.escape(other)}(\.[^.]+)?$"


def _far_ends(shovel: dict[str, Any]) -> list[SplitResult]:
    """Where *shovel* leads to, also one of somebody else's: one URI, several, or none."""
    stated = shovel["value"].get("dest-uri", [])
    return [urlsplit(uri) for uri in ([stated] if isinstance(stated, str) else stated)]


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _is_password(password: str, kept: str) -> bool:
    """Whether *kept* (RabbitMQ's salted SHA-256) was made of *password*."""
    salted = base64.b64decode(kept)
    return salted[4:] == hashlib.sha256(salted[:4] + password.encode()).digest()
