"""The demonstration as a place for tests: made once per server, cloned for each module that needs it.

``demonstration`` points this process to a clone; ``program`` runs the real program (server and worker) on one.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.test import override_settings

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "demonstration"
PATIENCE = 180.0  # seconds for the program to answer
_serial = count(1)


def _server() -> str:
    """The URL of the PostgreSQL of this run, without a database."""
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0]


@contextmanager
def _maintenance() -> Iterator[object]:
    connection = psycopg2.connect(f"{_server()}/postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def environment(database: str, **more: str) -> dict[str, str]:
    """What a process of the real program is started with: the database named, the run's own data folder."""
    return (
        os.environ | {"DATABASE_URL": f"{_server()}/{database}", "DEMO": "1", "PYTHONUNBUFFERED": "1"} | more
    )


def manage(*arguments: str, database: str) -> str:
    """Run a command of the program on a database; returns what it prints, raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _template() -> None:
    """Make the demonstration once, whichever of the parallel processes comes first."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _maintenance() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone():
                return
            cursor.execute(f"CREATE DATABASE {TEMPLATE}_new")
        manage("migrate", "-v0", database=f"{TEMPLATE}_new")
        manage("demo", database=f"{TEMPLATE}_new")
        with _maintenance() as cursor:
            cursor.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")


@contextmanager
def clone() -> Iterator[str]:
    """A database of its own with the demonstration in it; gives its name."""
    _template()
    name = f"demo_{os.getpid()}_{next(_serial)}"
    with _maintenance() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        yield name
    finally:
        with _maintenance() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """This process works on a clone of the demonstration, with its files and its keys."""
    connection = connections["default"]
    original = connection.settings_dict["NAME"]
    with (
        clone() as name,
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=Path(settings.DATA_DIR) / "files", DEMO=True),
    ):
        connection.close()
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()  # another database may number its kinds otherwise
        try:
            yield name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = original
            ContentType.objects.clear_cache()


@contextmanager
def started(*command: str, database: str, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the program in a group of its own, ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(database, **more),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until_it_answers(address: str) -> None:
    """Until the server says that all is well; raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(f"{address}/healthz"):
            return
        time.sleep(0.2)
    raise TimeoutError(address)


@contextmanager
def served(database: str, folder: Path, wsgi: str = "config.wsgi") -> Iterator[str]:
    """The real program on a database: gunicorn and a Celery worker; gives its address."""
    port = free_port()
    programs = Path(sys.executable).parent
    manage("collectstatic", "--noinput", "-v0", database=database)
    web = [str(programs / "gunicorn"), wsgi, "--threads", "8", "--bind", f"127.0.0.1:{port}"]
    worker = [str(programs / "celery"), "-A", "config", "worker", "-B", "-l", "warning", "-c", "1"]
    worker += ["-s", str(folder / "schedule")]
    with (
        started(*web, database=database, log=folder / "web.log"),
        started(*worker, database=database, log=folder / "worker.log"),
    ):
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(address)
        yield address


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real program, running on a clone of the demonstration, telling what it draws."""
    folder, wsgi = tmp_path_factory.mktemp("program"), "tests.browser.drawn:application"
    with clone() as database, served(database, folder, wsgi) as address:
        yield address
