"""A private Dovecot for the tests of the mailbox."""

from collections.abc import Iterator

import pytest

from tests.dovecot import DovecotUnavailable, PrivateDovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[PrivateDovecot]:
    """A running server; without Dovecot the test fails, it is not skipped."""
    server = PrivateDovecot()
    try:
        server.start()
    except DovecotUnavailable as problem:
        pytest.fail(str(problem), pytrace=False)
    yield server
    server.discard()
