"""What every test run has: it says where it runs, keeps uploads to itself and accounts for what it skips.

Tests marked `core` are what a small installation must do: script/test runs them on PostgreSQL with all
others and once more on a SQLite file, together with the `races`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests import drawing

drawing.tell()
pytest_plugins = ["tests.demonstration"]


def pytest_report_header() -> list[str]:
    """The servers of this run."""
    broker = "Redis" if settings.REDIS_URL else "files"
    return [f"database: {connection.vendor}, broker: {broker}, time zone: {settings.TIME_ZONE}"]


@pytest.fixture(scope="session", autouse=True)
def own_cache() -> Iterator[None]:
    """Tests that run side by side share a Redis, not a cache: what one empties the other still counts with."""
    default = dict(settings.CACHES["default"])
    if settings.REDIS_URL:
        number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        default["LOCATION"] = f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{number}"
    with override_settings(CACHES=settings.CACHES | {"default": default}):
        yield


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path) -> Iterator[None]:
    """Uploads of a test go to its own folder."""
    shelf = settings.STORAGES["shelf"] | {
        "OPTIONS": {"location": tmp_path / "shelf", "allow_overwrite": True}
    }
    with override_settings(MEDIA_ROOT=tmp_path / "files", STORAGES=settings.STORAGES | {"shelf": shelf}):
        yield


def skipped_tests(terminalreporter: pytest.TerminalReporter) -> list[str]:
    """A line for each skipped test: where and why."""
    lines = []
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        lines.append(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Hands the skipped tests to script/test, which prints those of all stages at its end."""
    if target := os.environ.get("TEST_SKIPS"):
        with open(target, "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in skipped_tests(terminalreporter))
