"""What every aggregate has from its base: its events know the stream to which they belong."""

from datetime import UTC, datetime
from itertools import count
from typing import cast

from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.mapper import Mapper
from services.kernel.rows import Row
from tests.scenario import SOMEBODY, THE_ONE

numbers = count(1)


def a_topic() -> str:
    """A topic that nobody has yet; one is given once, also when a test runs again."""
    return f"tests.Bell{next(numbers)}"


def test_every_event_of_an_aggregate_knows_the_topic_of_its_stream():
    class Bell(Aggregate):
        TOPIC = a_topic()

        class Hung(Birth):
            TOPIC = a_topic()

        class Rung(Aggregate.Event):
            TOPIC = a_topic()
            times: int

    assert (Bell.Hung.STREAM_TYPE, Bell.Rung.STREAM_TYPE) == (Bell.TOPIC, Bell.TOPIC)


def test_the_events_of_a_chapter_without_a_topic_belong_to_no_stream_yet():
    class Chapter(Aggregate):
        class Rung(Aggregate.Event):
            TOPIC = a_topic()

    assert Chapter.Rung.STREAM_TYPE == ""


def test_a_stream_begins_with_the_event_that_its_birth_is_given():
    class Bell(Aggregate):
        TOPIC = a_topic()

        class Hung(Birth):
            TOPIC = a_topic()
            where: str

    bell = birth(Bell, Bell.Hung, THE_ONE, by=SOMEBODY, where="tower")
    assert (bell.id, [type(each) for each in bell.pending_events]) == (THE_ONE, [Bell.Hung])


def test_what_is_decided_is_of_the_first_version_and_says_nothing_of_when_it_is_recorded():
    class Bell(Aggregate):
        TOPIC = a_topic()

        class Hung(Birth):
            TOPIC = a_topic()

    bell = birth(Bell, Bell.Hung, THE_ONE, by=SOMEBODY)
    [hung] = bell.pending_events
    assert hung.timestamp == datetime.min.replace(tzinfo=UTC)
    assert cast(Row, Mapper().to_stored_event(hung)).schema_version == 1
