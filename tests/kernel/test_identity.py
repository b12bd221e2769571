"""Who calls is proved by the call itself; whatever is wrong with the proof, nothing is written."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from nacl.signing import SigningKey

from services.kernel import identity, parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.identity import (
    ArgumentsChanged,
    IdentityElsewhere,
    IdentityExpired,
    IdentityForged,
    IdentityMissing,
    RoleWithoutRight,
    sign,
)
from services.kernel.refusal import BadWord, Refused
from services.kernel.rows import canonical
from services.kernel.store import KeyReused, Store
from services.kernel.tables import outcomes
from tests.kernel.kitchen import Jar, Size
from tests.kernel.parties import Party, keys_of, person, some_id

COOK = person("lead", "cook", "cook", "taster")
JAR = some_id("jar")
KEY = some_id("key")
WORDS = {"jar": str(JAR), "size": "large"}


class KitchenService:
    """The toy trade at the door; called without a broker, as its methods can be."""

    name = "kitchen"

    def __init__(self, store: Store) -> None:
        self.hosted = store

    @command("cook", "chef")
    def open_jar(self, kitchen: Deciding, by: Actor, *, jar: str, size: str = "small") -> Any:
        opened = Jar.open(
            parsing.uuid("jar", jar), by=by, on=kitchen.today, size=parsing.word("size", size, Size)
        )
        kitchen.add(opened)
        return {"jar": jar, "version": opened.version}

    @command("chef")
    def break_jar(self, kitchen: Deciding, by: Actor, *, jar: str) -> Any:
        raise RuntimeError("a defect")

    @query("cook")
    def look_at(self, kitchen: Deciding, by: Actor, *, jar: str) -> Any:
        found = kitchen.get(Jar, UUID(jar))
        return {"version": found.version, "asked_by": by.id}


@pytest.fixture
def door(kitchen: Party) -> KitchenService:
    return KitchenService(kitchen.store)


LONG = 7200
"""Seconds that a token lives which is made when the tests are collected."""


def token(
    actor: Actor = COOK,
    audience: str = "lead/kitchen",
    method: str = "open_jar",
    words: Any = None,
    signer: SigningKey | None = None,
    **more: Any,
) -> str:
    signer = signer or keys_of("lead").identities
    return sign(signer, actor, audience, method, WORDS if words is None else words, **more)


def refused_with(
    kitchen: Party, door: KitchenService, identity: Any, words: Any = None, method: str = "open_jar"
) -> Refused:
    """How the call is refused; nothing at all was written."""
    before = kitchen.everything()
    with pytest.raises(Refused) as refusal:
        getattr(door, method)(identity=identity, **(WORDS if words is None else words))
    assert kitchen.everything() == before
    json.loads(str(refusal.value))
    return refusal.value


def test_a_right_identity_decides_in_the_callers_name(kitchen: Party, door: KitchenService) -> None:
    answer = door.open_jar(identity=token(key=KEY, correlation="story"), **WORDS)
    assert answer == {"jar": str(JAR), "version": 1}
    [row] = kitchen.rows()
    assert (row.actor, row.cause, row.correlation) == (COOK.id, f"command:{KEY}", "story")
    assert row.on_behalf_of is None
    [outcome] = kitchen.table(outcomes)
    assert (outcome.key, outcome.method, outcome.actor, outcome.refusal) == (
        *(KEY, "open_jar", COOK.id),
        None,
    )


@pytest.mark.parametrize("missing", [None, ""])
def test_missing(kitchen: Party, door: KitchenService, missing: Any) -> None:
    refusal = refused_with(kitchen, door, missing)
    assert (type(refusal), refusal.facts) == (IdentityMissing, {"method": "open_jar"})


@pytest.mark.parametrize(("age", "good"), [(59, True), (60, True), (61, False)])
def test_expired(
    kitchen: Party,
    door: KitchenService,
    monkeypatch: pytest.MonkeyPatch,
    age: int,
    good: bool,
) -> None:
    """A token is good for 60 seconds of real time, whatever the simulated clock says."""
    monkeypatch.setattr(identity.time, "time", lambda: 1_000_000_000)
    made = token()
    kitchen.clock.pass_(days=99)
    monkeypatch.setattr(identity.time, "time", lambda: 1_000_000_000 + age)
    if good:
        assert door.open_jar(identity=made, **WORDS)["version"] == 1
    else:
        refusal = refused_with(kitchen, door, made)
        assert type(refusal) is IdentityExpired
        assert refusal.facts == {"method": "open_jar", "expired_at": 1_000_000_060}


def test_real_tokens_use_real_time(kitchen: Party, door: KitchenService) -> None:
    refusal = refused_with(kitchen, door, token(lifetime=-1))
    assert type(refusal) is IdentityExpired
    assert abs(refusal.facts["expired_at"] - time.time()) < 30


@pytest.mark.parametrize(
    "audience", ["lead/cellar", "partner/kitchen", "lead/kitchen/", "kitchen", "", "LEAD/kitchen"]
)
def test_other_audience(kitchen: Party, door: KitchenService, audience: str) -> None:
    refusal = refused_with(kitchen, door, token(audience=audience))
    assert type(refusal) is IdentityElsewhere
    assert refusal.facts == {"audience": audience, "method": "open_jar"}


@pytest.mark.parametrize("method", ["break_jar", "look_at", "open", ""])
def test_other_method(kitchen: Party, door: KitchenService, method: str) -> None:
    refusal = refused_with(kitchen, door, token(method=method))
    assert type(refusal) is IdentityElsewhere


@pytest.mark.parametrize(
    "words",
    [
        {**WORDS, "size": "small"},
        {"jar": str(JAR)},
        {**WORDS, "more": None},
        {},
        {**WORDS, "size": ["large"]},
    ],
    ids=str,
)
def test_changed_argument(kitchen: Party, door: KitchenService, words: Any) -> None:
    refusal = refused_with(kitchen, door, token(), words)
    assert (type(refusal), refusal.facts) == (ArgumentsChanged, {"method": "open_jar"})


def test_the_order_of_arguments_is_no_change(door: KitchenService) -> None:
    swapped = dict(reversed(WORDS.items()))
    assert door.open_jar(identity=token(), **swapped)["version"] == 1


def test_replayed_it_is_answered_the_same_and_decided_once(
    kitchen: Party, door: KitchenService
) -> None:
    made = token()
    first = door.open_jar(identity=made, **WORDS)
    before = kitchen.everything()
    assert door.open_jar(identity=made, **WORDS) == first
    assert kitchen.everything() == before


def test_a_new_token_under_the_same_key_is_answered_the_same(
    kitchen: Party, door: KitchenService
) -> None:
    """Who got no answer in time asks again under the same key, with a fresh expiry."""
    first = door.open_jar(identity=token(key=KEY), **WORDS)
    assert door.open_jar(identity=token(key=KEY, lifetime=30), **WORDS) == first
    assert len(kitchen.rows()) == 1


def test_a_key_of_another_call_is_refused(kitchen: Party, door: KitchenService) -> None:
    door.open_jar(identity=token(key=KEY), **WORDS)
    other = {"jar": str(some_id("other")), "size": "large"}
    assert type(refused_with(kitchen, door, token(words=other, key=KEY), other)) is KeyReused
    somebody = person("lead", "somebody else", "cook")
    assert type(refused_with(kitchen, door, token(somebody, key=KEY))) is KeyReused


@pytest.mark.parametrize(
    ("actor", "signer", "kind"),
    [
        (person("partner", "cook", "cook"), "partner", IdentityForged),
        (person("partner", "cook", "cook"), "lead", IdentityForged),
        (COOK, "partner", IdentityForged),
        (Actor("leader/person/x", roles=frozenset({"cook"})), "lead", IdentityForged),
        (Actor("", roles=frozenset({"cook"})), "lead", IdentityForged),
    ],
    ids=["partner's own", "partner's actor", "partner's key", "longer name", "nobody"],
)
def test_other_organisation(
    kitchen: Party, door: KitchenService, actor: Actor, signer: str, kind: type[Refused]
) -> None:
    made = token(actor, signer=keys_of(signer).identities)
    assert type(refused_with(kitchen, door, made)) is kind


def test_the_key_of_envelopes_does_not_sign_identities(
    kitchen: Party, door: KitchenService
) -> None:
    made = token(signer=keys_of("lead").envelopes)
    assert type(refused_with(kitchen, door, made)) is IdentityForged


def with_claims(made: str, **changed: Any) -> str:
    """The token with other claims and its old signature."""
    body, _, signature = made.partition(".")
    claims = {**json.loads(base64.urlsafe_b64decode(body)), **changed}
    return f"{base64.urlsafe_b64encode(canonical(claims).encode()).decode()}.{signature}"


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": ["chef"]},
        {"actor": person("lead", "boss").id},
        {"expires": 2**40},
        {"audience": "lead/cellar"},
        {"method": "break_jar"},
        {"key": str(some_id("new key"))},
        {"digest": identity.digest({})},
    ],
    ids=str,
)
def test_forged_claims(kitchen: Party, door: KitchenService, changed: Any) -> None:
    assert type(refused_with(kitchen, door, with_claims(token(), **changed))) is IdentityForged


def garbage() -> list[Any]:
    made = token()
    body, _, signature = made.partition(".")
    empty = base64.urlsafe_b64encode(b"{}").decode()
    return [
        *("x", ".", "..", " ", "x.y", body, f"{body}.", f".{signature}", f"{signature}.{body}"),
        *(f"{body}.{signature[:-2]}", f"{body}.{signature}00", f"{body}.{'0' * 128}"),
        *(
            f"{body}.{signature}.{signature}",
            f"{body}.{signature[:-1]}g",
            f"{body[:-4]}.{signature}",
        ),
        *(f"{empty}.{signature}", "\x00", "é.è", "\ud800", "a" * 1_000_000),
        *(17, 1.5, True, ["x"], {"x": 1}, [made], {"token": made}),
    ]


def test_malformed(kitchen: Party, door: KitchenService) -> None:
    for made in garbage():
        refusal = refused_with(kitchen, door, made)
        assert (type(refusal), refusal.facts) == (IdentityForged, {}), repr(made)[:60]


def well_signed(claims: Any) -> str:
    body = json.dumps(claims).encode()
    signature = keys_of("lead").identities.sign(body).signature.hex()
    return f"{base64.urlsafe_b64encode(body).decode()}.{signature}"


def test_well_signed_but_no_claims(kitchen: Party, door: KitchenService) -> None:
    for claims in (None, [], "x", 1, {}, {"actor": 1}, {"actor": COOK.id}):
        assert type(refused_with(kitchen, door, well_signed(claims))) is IdentityForged


@pytest.mark.parametrize("roles", [(), ("taster",), ("Cook",), ("cooks",), ("auditor", "taster")])
def test_role_without_the_right(
    kitchen: Party, door: KitchenService, roles: tuple[str, ...]
) -> None:
    refusal = refused_with(kitchen, door, token(person("lead", "x", *roles)))
    assert type(refusal) is RoleWithoutRight
    assert refusal.facts == {"method": "open_jar", "may": ["chef", "cook"]}


@pytest.mark.parametrize("roles", [("cook",), ("chef",), ("taster", "chef")])
def test_any_of_the_roles_gives_the_right(door: KitchenService, roles: tuple[str, ...]) -> None:
    assert door.open_jar(identity=token(person("lead", "x", *roles)), **WORDS)["version"] == 1


@pytest.mark.parametrize(
    "words",
    [
        {"jar": 1.5},
        {"jar": {"deep": [0.5]}},
        {"jar": "\ud800"},
        {"\ud800": 1},
        {"jar": {1: "x"}},
        {"jar": {"x"}},
    ],
    ids=repr,
)
def test_words_without_canonical_text_are_refused(
    kitchen: Party, door: KitchenService, words: Any
) -> None:
    refusal = refused_with(kitchen, door, token(), words)
    assert type(refusal) is BadWord


@pytest.mark.parametrize(
    "words", [{}, {"jar": str(JAR), "colour": "red"}, {"size": "small"}, {"by": "x", "jar": "y"}]
)
def test_words_that_the_command_does_not_take_are_refused_and_the_refusal_stored(
    kitchen: Party, door: KitchenService, words: Any
) -> None:
    made = token(words=words)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            door.open_jar(identity=made, **words)
        assert refusal.value.kind == "BadWord"
        assert refusal.value.facts["takes"] == ["jar", "size"]
    assert kitchen.rows() == []
    assert [row.refusal for row in kitchen.table(outcomes)] == ["BadWord"]


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ({"jar": "no uuid"}, "jar"),
        ({"jar": 1}, "jar"),
        ({"jar": None}, "jar"),
        ({"jar": str(JAR), "size": "huge"}, "size"),
        ({"jar": str(JAR), "size": None}, "size"),
        ({"jar": str(JAR), "size": ["large"]}, "size"),
    ],
    ids=str,
)
def test_bad_words_are_refused_by_the_arguments_name(
    kitchen: Party, door: KitchenService, words: Any, argument: str
) -> None:
    with pytest.raises(BadWord) as refusal:
        door.open_jar(identity=token(words=words), **words)
    assert refusal.value.facts["argument"] == argument
    assert kitchen.rows() == []


def test_a_defect_is_no_refusal_and_leaves_nothing(kitchen: Party, door: KitchenService) -> None:
    words = {"jar": str(JAR)}
    made = token(person("lead", "x", "chef"), method="break_jar", words=words)
    before = kitchen.everything()
    with pytest.raises(RuntimeError):
        door.break_jar(identity=made, **words)
    assert kitchen.everything() == before


def test_a_question_is_answered_and_stores_nothing(kitchen: Party, door: KitchenService) -> None:
    door.open_jar(identity=token(), **WORDS)
    before = kitchen.everything()
    words = {"jar": str(JAR)}
    answer = door.look_at(identity=token(method="look_at", words=words), **words)
    assert answer == {"version": 1, "asked_by": COOK.id}
    assert kitchen.everything() == before


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (None, IdentityMissing),
        (token(method="open_jar", words={"jar": str(JAR)}, lifetime=LONG), IdentityElsewhere),
        (token(method="look_at", words={"jar": "x"}, lifetime=LONG), ArgumentsChanged),
        (token(person("lead", "x", "chef"), method="look_at", words={"jar": str(JAR)},
               lifetime=LONG), RoleWithoutRight),
        (token(method="look_at", words={"jar": str(JAR)}, lifetime=-1), IdentityExpired),
        (token(method="look_at", words={"jar": str(JAR)}, audience="lead/cellar",
               lifetime=LONG),
         IdentityElsewhere),
    ],
    ids=["missing", "method", "argument", "role", "expired", "audience"],
)  # fmt: skip
def test_questions_have_the_same_door(
    kitchen: Party, door: KitchenService, made: str | None, kind: type[Refused]
) -> None:
    refusal = refused_with(kitchen, door, made, {"jar": str(JAR)}, "look_at")
    assert type(refusal) is kind


def test_another_service_refuses_the_same_token(new_party: Callable[..., Party]) -> None:
    """The partner's kitchen, as the lead's token meets it."""
    kitchen = new_party(own="partner")
    refusal = refused_with(kitchen, KitchenService(kitchen.store), token())
    assert type(refusal) is IdentityForged
