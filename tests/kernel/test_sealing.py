"""RPC bodies on the wire: nothing readable, and nobody else's."""

import json

import pytest
from kombu.serialization import dumps, loads, prepare_accept_content

from services.kernel.keys import Keys
from services.kernel.sealing import register_sealing

OURS, THEIRS = Keys(b"\x01" * 32), Keys(b"\x02" * 32)
CALL = {"args": [], "kwargs": {"display_name": "Prova Sigillata", "value": "7431.17"}}


def test_a_sealed_body_says_nothing_to_who_reads_the_broker_s_disk() -> None:
    name = register_sealing("lead", OURS)
    _, encoding, body = dumps(CALL, serializer=name)
    assert encoding == "binary"
    assert b"Prova" not in body
    assert b"7431" not in body
    assert b"display_name" not in body


def test_the_organisation_that_sealed_it_reads_it_back() -> None:
    name = register_sealing("lead", OURS)
    content_type, encoding, body = dumps(CALL, serializer=name)
    assert loads(body, content_type, encoding, accept=prepare_accept_content([name])) == CALL


def test_the_same_call_is_never_sealed_twice_alike() -> None:
    name = register_sealing("lead", OURS)
    assert dumps(CALL, serializer=name)[2] != dumps(CALL, serializer=name)[2]


def test_another_organisation_s_body_is_not_read() -> None:
    """The same name of the format, another key: nothing of it is parsed."""
    stranger = register_sealing("lead", THEIRS)
    content_type, encoding, body = dumps(CALL, serializer=stranger)
    name = register_sealing("lead", OURS)
    with pytest.raises(Exception, match="not sealed by this organisation"):
        loads(body, content_type, encoding, accept=prepare_accept_content([name]))


@pytest.mark.parametrize("body", [b"{}", json.dumps(CALL).encode(), b"\x00" * 60])
def test_a_body_that_nobody_sealed_is_not_read(body: bytes) -> None:
    name = register_sealing("lead", OURS)
    with pytest.raises(Exception):  # noqa: B017  # kombu wraps what the decoder raises
        loads(body, f"application/x-{name}", "binary", accept=prepare_accept_content([name]))
