"""The demonstration as the access tests walk through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from config import settings as written
from tests.access import cast, places


def forget() -> None:
    """Objects and sessions belong to one clone of the demonstration."""
    cast.forget()
    places.find.cache_clear()


@pytest.fixture(scope="module")
def furnished(demonstration: str) -> Iterator[None]:
    """The demonstration with what the matrix needs besides (see ``cast.furnish``)."""
    forget()
    cast.furnish()
    yield
    forget()


@pytest.fixture
def untouched(furnished: None) -> Iterator[None]:
    """The furnished demonstration with its files; what a test does to its rows is rolled back."""
    with (
        override_settings(MEDIA_ROOT=written.MEDIA_ROOT, STORAGES=written.STORAGES),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)
