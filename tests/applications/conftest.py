"""What the tests of applications share: a day while the call is open."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.applications import DURING


@pytest.fixture
def spring() -> Iterator[None]:
    """The clock stands still at ``DURING``."""
    with time_machine.travel(DURING, tick=False):
        yield
