"""One demo for all tests that look at what it left."""

import pytest

from tests.demo.telling import Run, tell


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return tell(tmp_path_factory.mktemp("una cartella con spazi"))
