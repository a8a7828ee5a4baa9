"""A call, and an application at any of its states."""

from collections.abc import Callable

import pytest

from applications.models import (
    Application,
    Call,
)
from tests.factories.applications import (
    make_application,
    make_call,
)
from tests.factories.rounds import (
    bring_on,
)


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def send(call: Call) -> Callable[[str], Application]:
    """A complete application at the state named."""
    return lambda state: bring_on(make_application(call), state)
