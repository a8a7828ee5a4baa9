"""Each row of what must survive, as the table's scripts do it, with fewer blows."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.resilience.__main__ import NAMES
from tests.resilience.house import Ground, ground

pytestmark = pytest.mark.resilience

# Proved row by row in tests/operations/test_backup.py.
HERE = [name for name in NAMES if name != "backup"]


@pytest.fixture(scope="session")
def laid() -> Iterator[Ground]:
    with ground() as on:
        yield on


@pytest.mark.parametrize("name", HERE)
def test_the_program_survives(laid: Ground, name: str) -> None:
    finding = import_module(f"tests.resilience.{name}").run(laid, much=False)
    print(f"{finding.failure}: {finding.seen}")
    assert finding.faults == []
