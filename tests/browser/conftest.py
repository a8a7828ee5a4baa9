"""Headless Chromium for the tests of what people see and do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one named in CHROMIUM."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    # Playwright's loop lives in this thread; the database is used beside it, not in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(demonstration: str) -> Iterator[str]:
    """The program in this process, so that a test moves its clock and reads what it keeps, on a clone of the
    demonstration.
    """
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
    connections.close_all()
