"""Whether another organisation follows somebody: asked by who verifies, answered by yes or no."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st
from sqlalchemy import select

from services.intake.answering import Answer, Askings, askings_id
from services.intake.asking import (
    AskedLately,
    AskingWouldTell,
    NoAgreementOnRecognition,
    NobodyIdentified,
    NotAsked,
    TooManyPersons,
    asking_id,
)
from services.intake.codes import Direction, Elsewhere, Outcome
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.recognising_elsewhere import fingerprints
from services.intake.service import IntakeService
from services.intake.standing import (
    Asked,
    FamilyErased,
    JoinedIntoAnother,
    NoticeNotRecorded,
    VerifierNotNamed,
)
from services.kernel.actor import Actor
from services.kernel.courier.out import message
from services.kernel.deciding import Deciding, Occasion
from services.kernel.identity import RoleWithoutRight
from services.kernel.refusal import Unknown
from services.kernel.tables import said, vault
from tests.intake.desk import Desk, new_desk
from tests.intake.moments import (
    CODE,
    DAY,
    criteria,
    family,
    informed,
    referred,
    sealed,
    verified,
)
from tests.intake.test_family import erased
from tests.intake.test_service import bring_in, form
from tests.review.house import hear
from tests.scenario import SOMEBODY, Story, fact, given

TODAY = DAY.isoformat()
FIRST = asking_id(CODE, 1)
ASKER = "nord/person/00000000-0000-5000-8000-000000000001"
asked = fact(Family.AskedElsewhere, asking=FIRST, organisation="nord", codes=sealed(7), on=DAY)
told = fact(
    Family.AnsweredElsewhere,
    asking=FIRST,
    organisation="nord",
    answer=Elsewhere.FOLLOWED,
    on=DAY,
)

# who asks


def ask(story: Story, **more: Any) -> Any:
    words: dict[str, Any] = {"organisation": "nord", "codes": sealed(7), "persons": 1}
    return story.when(Family.ask_elsewhere, **(words | {"agreed": True, "on": DAY} | more))


def test_another_organisation_is_asked_whether_it_follows_somebody():
    ask(family(referred, informed)).then(asked)
    found = family(referred, informed, asked).aggregate()
    assert found.asked == [Asked(FIRST, "nord", SOMEBODY.person, DAY)]


def test_nobody_is_asked_before_the_notice_nor_after_an_erasure_or_a_joining():
    joined = fact(Family.Joined, into="LEAD-2R8TQX-G", on=DAY)
    ask(family(referred)).refuses(NoticeNotRecorded, family=CODE)
    ask(family(referred, informed, erased)).refuses(FamilyErased, family=CODE, on=DAY)
    ask(family(referred, informed, joined)).refuses(
        JoinedIntoAnother, family=CODE, into="LEAD-2R8TQX-G"
    )


def test_a_named_person_asks():
    ask(family(referred, informed), by=Actor.of_service("lead", "intake")).refuses(VerifierNotNamed)


def test_of_a_family_under_contatto_sicuro_nobody_elsewhere_hears():
    marked = fact(Family.ContactMarked, how=sealed(9), on=DAY)
    ask(family(referred, informed, marked)).refuses(AskingWouldTell, family=CODE)


def test_who_has_no_tax_code_is_not_asked_about():
    ask(family(referred, informed), persons=0).refuses(NobodyIdentified, family=CODE)


@pytest.mark.parametrize(("persons", "too_many"), [(19, False), (20, False), (21, True)])
def test_one_asking_is_about_a_family_and_no_list_of_codes(persons, too_many):
    answer = ask(family(referred, informed), persons=persons)
    if too_many:
        answer.refuses(TooManyPersons, family=CODE, persons=21, most=20)
    else:
        answer.then(asked)


def test_nobody_is_asked_without_an_agreement_that_says_so():
    ask(family(referred, informed), agreed=False).refuses(
        NoAgreementOnRecognition, organisation="nord"
    )


@pytest.mark.parametrize(("days", "again"), [(29, False), (30, True), (31, True)])
def test_one_organisation_is_asked_again_after_thirty_days(days, again):
    day = DAY + timedelta(days=days)
    answer = ask(family(referred, informed, asked, told), on=day)
    if again:
        answer.then(fact(**_words(asked) | {"asking": asking_id(CODE, 2), "on": day}))
    else:
        answer.refuses(
            AskedLately, organisation="nord", on=DAY, again_from=DAY + timedelta(days=30)
        )


def _words(stated: Any) -> dict[str, Any]:
    return {"event": stated.event, **dict(stated.fields)}


def test_another_one_is_asked_at_once():
    ask(family(referred, informed, asked), organisation="sud").then(
        fact(**_words(asked) | {"asking": asking_id(CODE, 2), "organisation": "sud"})
    )


def answered(story: Story, **more: Any) -> Any:
    words: dict[str, Any] = {"asking": FIRST, "organisation": "nord", "on": DAY}
    return story.when(Family.hear_answer, **(words | {"answer": Elsewhere.FOLLOWED} | more))


def test_the_answer_is_kept_once():
    answered(family(referred, informed, asked)).then(told)
    found = family(referred, informed, asked, told).aggregate()
    assert found.asked == [Asked(FIRST, "nord", SOMEBODY.person, DAY, Elsewhere.FOLLOWED)]
    answered(family(referred, informed, asked, told)).then()


def test_an_answer_to_what_was_not_asked_counts_for_nothing():
    for story, more in (
        (family(referred, informed), {}),
        (family(referred, informed, asked), {"organisation": "sud"}),
        (family(referred, informed, asked), {"asking": asking_id(CODE, 2)}),
    ):
        answered(story, **more).refuses(
            NotAsked, family=CODE, organisation=more.get("organisation", "nord")
        )


def test_an_answer_about_an_erased_family_is_not_kept():
    answered(family(referred, informed, asked, erased)).then()


# whom an organisation follows

sent = fact(Family.DirectedElsewhere, to=Direction.CAF, on=DAY)
not_eligible = verified(
    Outcome.NOT_ELIGIBLE, criteria=criteria(False, False), directed_to=Direction.CAF
)


@pytest.mark.parametrize(
    ("facts", "alone", "with_microequipe"),
    [
        ((), True, True),
        ((sent,), False, True),
        ((informed, verified(Outcome.SUSPENDED)), True, True),
        ((informed, verified()), True, True),
        ((informed, not_eligible), False, True),
        ((informed, sent, verified()), True, True),
        ((informed, verified(), erased), False, False),
        ((fact(Family.Joined, into="LEAD-2R8TQX-G", on=DAY),), False, False),
    ],
    ids=["referred", "sent away", "suspended", "eligible", "not eligible", "back", "erased", "two"],
)
def test_whoever_may_still_come_to_a_microequipe_is_followed(facts, alone, with_microequipe):
    found = family(referred, *facts).aggregate()
    assert (found.is_followed(False), found.is_followed(True)) == (alone, with_microequipe)


# who answers

opened = fact(Askings.Opened, organisation="nord", on=DAY)
too_many_asked = fact(Askings.TooManyAsked, on=DAY)


def answer(number: int, what: Elsewhere) -> Any:
    words = {"asking": asking_id(CODE, number), "family": CODE, "asked_by": ASKER}
    return fact(Askings.Answered, **words, answer=what, on=DAY)


def askings(*facts: Any) -> Any:
    return Story((opened, *facts), askings_id("nord", DAY))


def asks(story: Any, number: int = 1, **more: Any) -> Any:
    """Asking *number*, of somebody whom we follow."""
    words: dict[str, Any] = {"asking": asking_id(CODE, number), "family": CODE, "asked_by": ASKER}
    words |= {"look_up": lambda: Elsewhere.FOLLOWED, "agreed": True, "most": 20, "on": DAY}
    return story.when(Askings.answer, **(words | more))


def never() -> Elsewhere:
    raise AssertionError("it was looked up")


def test_what_one_organisation_asks_on_one_day_stands_together():
    given().when(Askings.opened, organisation="nord", on=DAY).then(opened)
    others = {askings_id("sud", DAY), askings_id("nord", DAY + timedelta(days=1))}
    assert len(others | {askings_id("nord", DAY)}) == 3


def test_an_answer_is_given_once_and_kept_with_who_asked():
    asks(askings()).then(answer(1, Elsewhere.FOLLOWED))
    asks(askings(answer(1, Elsewhere.NOT_FOLLOWED)), look_up=never).then()
    found = askings(answer(1, Elsewhere.NOT_FOLLOWED)).aggregate()
    assert found.answers == [Answer(FIRST, ASKER, Elsewhere.NOT_FOLLOWED, DAY)]


@pytest.mark.parametrize(("before", "too_many"), [(1, False), (2, True), (3, True)])
def test_so_many_askings_a_day_are_looked_up(before, too_many):
    told = [answer(number, Elsewhere.NOT_FOLLOWED) for number in range(1, before + 1)]
    look_up = never if too_many else lambda: Elsewhere.FOLLOWED
    what = Elsewhere.TOO_MANY if too_many else Elsewhere.FOLLOWED
    noted = [too_many_asked] if too_many else []
    asks(askings(*told), 9, most=2, look_up=look_up).then(answer(9, what), *noted)


def test_that_too_much_was_asked_is_noted_once_a_day():
    so_far = (answer(1, Elsewhere.NOT_FOLLOWED), answer(2, Elsewhere.TOO_MANY), too_many_asked)
    asks(askings(*so_far), 9, most=1, look_up=never).then(answer(9, Elsewhere.TOO_MANY))


@whatever(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.sampled_from(Elsewhere))))
def test_whatever_is_asked_on_a_day_too_much_is_noted_once_and_the_log_tells_the_same(steps):
    day = askings().aggregate()
    for number, agreed, what in steps:
        words = {"agreed": agreed, "most": 3, "on": DAY, "by": SOMEBODY}
        day.answer(asking_id(CODE, number), CODE, ASKER, lambda what=what: what, **words)
    decided = day.collect_events()
    noted = [each for each in decided if isinstance(each, Askings.TooManyAsked)]
    refused = [each for each in day.answers if each.answer is Elsewhere.TOO_MANY]
    assert len(noted) == min(1, len(refused))
    again = askings().aggregate()
    for event in decided:
        event.mutate(again)
    assert (again.answers, again.too_many) == (day.answers, day.too_many)


def test_so_is_an_asking_about_more_persons_than_a_family_has():
    asks(askings(), look_up=lambda: Elsewhere.TOO_MANY).then(
        answer(1, Elsewhere.TOO_MANY), too_many_asked
    )


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (Elsewhere.TOO_MANY, False),
        (Elsewhere.NO_AGREEMENT, False),
        (Elsewhere.ERASED_MEANWHILE, True),
        (Elsewhere.FOLLOWED, True),
    ],
)
def test_what_was_not_looked_up_does_not_count_for_the_day(before, counts):
    what = Elsewhere.TOO_MANY if counts else Elsewhere.FOLLOWED
    noted = [too_many_asked] if counts else []
    asks(askings(answer(1, before)), 9, most=1).then(answer(9, what), *noted)


def test_without_an_agreement_nothing_is_looked_up():
    asks(askings(), agreed=False, look_up=never).then(answer(1, Elsewhere.NO_AGREEMENT))


# both


class Two:
    """The intakes of two organisations; words pass when they are carried."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.desks = {own: new_desk(IntakeService, folder, empty, own) for own in ("lead", "nord")}
        self.carried = dict.fromkeys(self.desks, 0)
        for desk in self.desks.values():
            desk.hear_guidelines()

    def agree(self, *covers: str, only: str | None = None) -> None:
        """Both have recorded an agreement, or *only* one of them."""
        for own, other in (("lead", "nord"), ("nord", "lead")):
            if only in (None, own):
                words = {"organisation": own, "number": 1, "partner": other, "until": None}
                words |= {"from": "2026-01-01", "covers": ["programme", *covers]}
                self.desks[own].hear("people/agreement_recorded.v1", words, own)

    def carry(self) -> None:
        """Everything that was said reaches the other; twice, since there are answers."""
        for own, other in (("lead", "nord"), ("nord", "lead")) * 2:
            store = self.desks[own].store
            query = select(said.c.seq, said.c.envelope).where(
                said.c.audience == other, said.c.seq > self.carried[own]
            )
            with store.database.reading() as connection:
                rows = connection.execute(query.order_by(said.c.seq)).all()
                messages = [message(store, connection, row.envelope) for row in rows]
            self.carried[own] += len(messages)
            hear(self.desks[other].store, messages)

    def asked(self, code: str) -> list[dict[str, Any]]:
        """What the lead knows of its askings about the family."""
        found: list[dict[str, Any]] = self.desks["lead"].ask("family", "auditor", family=code)[
            "asked_elsewhere"
        ]
        return found


@pytest.fixture
def two(tmp_path: Path, empty: Path) -> Iterator[Two]:
    made = Two(tmp_path, empty)
    yield made
    for desk in made.desks.values():
        desk.store.close()


def ask_nord(desk: Desk, code: str) -> Any:
    return desk.ask("ask_elsewhere", "verifier", family=code, organisation="nord")


def answer_of(two: Two, place: int = 0) -> str | None:
    """The lead asks about the family at *place* of its samples; what it is answered."""
    code = bring_in(two.desks["lead"], place=place)
    ask_nord(two.desks["lead"], code)
    two.carry()
    [known] = two.asked(code)
    assert (known["organisation"], known["on"]) == ("nord", "2026-03-02")
    return known["answer"]


def test_somebody_who_is_followed_elsewhere_is_recognised_and_somebody_else_is_not(two: Two):
    two.agree("recognition")
    bring_in(two.desks["nord"])
    assert answer_of(two) == "followed"
    assert answer_of(two, place=1) == "not_followed"


def test_what_passes_says_nothing_about_the_person(two: Two):
    """No code in a fact or a word; who answered keeps no part, nor whom of its own it found."""
    two.agree("recognition")
    theirs = bring_in(two.desks["nord"])
    before = parts(two.desks["nord"])
    assert answer_of(two) == "followed"
    [known] = two.desks["nord"].ask(
        "asked_of_us", "administrator", organisation="lead", since=TODAY
    )
    [event] = [each for each in two.desks["nord"].events() if isinstance(each, Askings.Answered)]
    assert theirs not in str(vars(event))
    assert parts(two.desks["nord"]) == before
    assert known["answer"] == "followed"
    assert known["asked_by"].startswith("lead/person/")
    for desk in two.desks.values():
        for code in ("SMPPVN79C14H501W", "NVNSGN51S70H501F"):
            assert code not in desk.stored_text()


def test_who_asks_destroys_nothing_of_whom_it_asks(two: Two):
    """An asking, or the subject of its part, that is called like one of our families."""
    two.agree("recognition")
    lead, nord = two.desks.values()
    code, theirs = bring_in(lead), bring_in(nord)
    victim = family_id(theirs)

    def act(deciding: Deciding) -> None:
        sent = deciding.seal(victim, "fingerprints", "no list")
        edited = deciding.edit(Family, family_id(code))
        words = {"asking": victim, "organisation": "nord", "codes": sent, "on": DAY}
        edited.trigger_event(Family.AskedElsewhere, by=deciding.actor, **words)

    root = UUID(int=7)
    lead.store.decide(Occasion(root, "test", str(root), Actor.of_service("lead", "intake")), act)
    before = parts(nord)
    two.carry()
    assert [each["answer"] for each in two.asked(code)] == ["not_followed"]
    assert parts(nord) == before
    assert nord.ask("opened_family", "verifier", family=theirs)["referral"]


def parts(desk: Desk) -> set[UUID]:
    """What the vault holds."""
    with desk.store.database.reading() as connection:
        return set(connection.scalars(select(vault.c.ref)))


def test_under_contatto_sicuro_the_answer_is_no(two: Two):
    two.agree("recognition")
    code = bring_in(two.desks["nord"])
    two.desks["nord"].ask("mark_safe_contact", "verifier", family=code, how="Modo di prova")
    assert answer_of(two) == "not_followed"


def test_of_an_erased_family_nothing_is_known(two: Two):
    two.agree("recognition")
    code = bring_in(two.desks["nord"])
    two.desks["nord"].ask("erase_family", "administrator", family=code, because="asked_by_family")
    assert answer_of(two) == "not_followed"


def test_a_family_with_a_microequipe_is_followed_though_it_was_sent_away(two: Two):
    two.agree("recognition")
    nord = two.desks["nord"]
    code = bring_in(nord)
    nord.ask("verify_eligibility", "verifier", family=code, at="cda")
    form(nord, code)
    assert answer_of(two) == "followed"


def test_who_answers_without_an_agreement_of_its_own_says_so(two: Two):
    two.agree("recognition", only="lead")
    bring_in(two.desks["nord"])
    assert answer_of(two) == "no_agreement"


def test_an_agreement_on_the_programme_alone_lets_nobody_ask(two: Two):
    two.agree()
    code = bring_in(two.desks["lead"])
    with pytest.raises(NoAgreementOnRecognition):
        ask_nord(two.desks["lead"], code)
    assert "intake.AskedElsewhere" not in two.desks["lead"].topics()


def test_after_the_last_day_of_the_agreement_nobody_asks(two: Two):
    two.agree("recognition")
    lead = two.desks["lead"]
    code = bring_in(lead)
    ended = {"organisation": "lead", "number": 1, "last": "2026-03-01"}
    lead.hear("people/agreement_ended.v1", ended)
    with pytest.raises(NoAgreementOnRecognition):
        ask_nord(lead, code)


def test_more_than_the_board_lets_pass_on_one_day_is_not_looked_up(two: Two):
    two.agree("recognition")
    two.desks["nord"].hear_guidelines(2, "2026-03-01", askings_a_day=1)
    nord = two.desks["nord"]
    bring_in(nord)
    assert answer_of(two, place=1) == "not_followed"
    assert [body for contract, body in nord.told("nord") if "too_many" in contract] == []
    for _ in range(2):
        assert answer_of(two) == "too_many_today"
        noted = [body for contract, body in nord.told("nord") if "too_many" in contract]
        assert noted == [{"asker": "lead", "on": TODAY}]


def test_before_the_board_said_anything_so_many_pass_as_it_first_says(two: Two, tmp_path, empty):
    before = tmp_path / "before"
    before.mkdir()
    nord = new_desk(IntakeService, before, empty, "nord")
    two.desks["nord"].store.close()
    two.desks["nord"] = nord
    two.agree("recognition")
    assert answer_of(two) == "not_followed"


def test_what_was_destroyed_on_its_way_is_answered_as_such(two: Two):
    two.agree("recognition")
    lead = two.desks["lead"]
    code = bring_in(lead)
    ask_nord(lead, code)
    lead.ask("erase_family", "administrator", family=code, because="asked_by_family")
    two.carry()
    [known] = two.desks["nord"].ask("asked_of_us", "auditor", organisation="lead", since=TODAY)
    assert known["answer"] == "erased_meanwhile"
    assert two.asked(code) == [{"organisation": "nord", "on": "2026-03-02", "answer": None}]


def test_words_that_come_again_are_answered_once(two: Two):
    two.agree("recognition")
    assert answer_of(two) == "not_followed"
    before = [desk.written() for desk in two.desks.values()]
    two.carried = dict.fromkeys(two.desks, 0)
    two.carry()
    assert [desk.written() for desk in two.desks.values()] == before


def test_who_verifies_asks_and_who_administers_sees_what_was_asked(two: Two):
    two.agree("recognition")
    lead = two.desks["lead"]
    code = bring_in(lead)
    with pytest.raises(RoleWithoutRight):
        lead.ask("ask_elsewhere", "access_point_operator", family=code, organisation="nord")
    with pytest.raises(RoleWithoutRight):
        lead.ask("asked_of_us", "verifier", organisation="nord", since=TODAY)
    words = {"organisation": "nord", "since": "2020-01-01"}
    assert lead.ask("asked_of_us", "project_manager", **words) == []


def test_what_was_asked_is_shown_from_a_day_on(two: Two):
    two.agree("recognition")
    lead, nord = two.desks.values()
    for place, day in enumerate((DAY, DAY + timedelta(days=1))):
        for desk in (lead, nord):
            desk.on(day)
        ask_nord(lead, bring_in(lead, place=place))
        two.carry()
    shown = {
        since: [
            each["on"]
            for each in nord.ask("asked_of_us", "auditor", organisation="lead", since=since)
        ]
        for since in ("2026-03-01", "2026-03-03", "2026-03-04")
    }
    both = ["2026-03-02", "2026-03-03"]
    assert shown == {"2026-03-01": both, "2026-03-03": both[1:], "2026-03-04": []}


def test_a_list_of_codes_to_try_is_not_looked_up(two: Two):
    """Who can compute fingerprints could try codes: not more than a family has persons."""
    two.agree("recognition")
    lead, nord = two.desks.values()
    bring_in(nord)
    code = bring_in(lead)
    tried = [f"{number:064x}" for number in range(20)]

    def act(deciding: Deciding) -> None:
        edited = deciding.edit(Family, family_id(code))
        codes = [*fingerprints(deciding, code, "nord"), *tried][:21]
        sent = deciding.seal(edited.next_asking, "fingerprints", json.dumps(codes))
        by = Actor.of_person("lead", UUID(int=1), "verifier")
        edited.ask_elsewhere("nord", sent, 20, True, on=deciding.today, by=by)

    root = UUID(int=7)
    lead.store.decide(Occasion(root, "test", str(root), Actor.of_service("lead", "intake")), act)
    two.carry()
    assert [each["answer"] for each in two.asked(code)] == ["too_many_today"]


def test_nobody_asks_who_does_not_take_part_nor_its_own_organisation(two: Two):
    two.agree("recognition")
    lead = two.desks["lead"]
    code = bring_in(lead)
    with pytest.raises(Unknown):
        lead.ask("ask_elsewhere", "verifier", family=code, organisation="sud")
    with pytest.raises(NoAgreementOnRecognition):
        lead.ask("ask_elsewhere", "verifier", family=code, organisation="lead")


def test_a_family_of_which_no_tax_code_is_known_is_not_asked_about(two: Two):
    two.agree("recognition")
    lead = two.desks["lead"]
    words = {"access_point": "cav", "on": "2026-03-02", "referral": {"person": "Persona Inventata"}}
    code = lead.ask("refer_family", "verifier", **words)["family"]
    lead.ask("record_information_notice", "verifier", family=code, state="given", on="2026-03-02")
    with pytest.raises(NobodyIdentified):
        ask_nord(lead, code)
