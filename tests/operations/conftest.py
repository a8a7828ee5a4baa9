"""The production side of the program on this machine: its services as docker-compose.yml commands them."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from cryptography.fernet import Fernet

from tests.demonstration import ROOT, wait_until_it_answers
from tests.operations.composed import composed, here, up, variables
from tests.servers import free_port

PATIENCE = 90.0  # seconds


def settings() -> dict[str, str]:
    """A .env as deploy/example.env asks for it."""
    return {
        "DOMAIN": "studios.example.cn",
        "POSTGRES_PASSWORD": secrets.token_hex(8),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HISTORY_KEY": secrets.token_urlsafe(48),
        "FIELD_KEY": Fernet.generate_key().decode(),
        "WEB_PROCESSES": "1",
        "JOB_PROCESSES": "1",
    }


def until(true: Callable[[], Any], what: str) -> None:
    """Wait until it is true; fails with what was waited for."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


@dataclass
class Site:
    """The running services: their data folder, their logs, the program's port, and what .env says."""

    folder: Path
    services: dict[str, Any]
    addresses: dict[str, str]
    port: int = field(default_factory=free_port)

    def environment(self, service: str) -> dict[str, str]:
        return variables(self.services[service], **self.addresses)

    def command(self, service: str) -> list[str]:
        changes = {"0.0.0.0:8000": f"127.0.0.1:{self.port}", "/tmp/": f"{self.folder}/"}
        return here(self.services[service]["command"], **changes)

    def healthy(self, service: str) -> bool:
        """Whether the service's own health check says so."""
        test = self.services[service]["healthcheck"]["test"]
        changes = {"localhost:8000": f"127.0.0.1:{self.port}", "/tmp ": f"{self.folder} "}
        # the name that the check asks for must be allowed, as in the container
        environment = self.environment(service)
        done = subprocess.run(
            here(test, **changes), cwd=ROOT, env=environment, capture_output=True, check=False
        )
        return done.returncode == 0

    def shell(self, program: str) -> str:
        """What a few lines of Python print inside the program."""
        done = subprocess.run(
            here(["python", "manage.py", "shell", "--no-imports", "-c", program]),
            cwd=ROOT,
            env=self.environment("web"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An empty database of its own, prepared, with web, worker and beat running on it in earnest (DEMO=0)."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres") or not os.environ.get("REDIS_URL"):
        pytest.skip("production needs PostgreSQL and Redis")
    server, name = os.environ["DATABASE_URL"].rsplit("/", 1)[0], f"production_{os.getpid()}"
    folder = tmp_path_factory.mktemp("production")
    services = composed(settings())["services"]
    addresses = {
        "DATABASE_URL": f"{server}/{name}",
        # other tests' workers listen in the first room
        "REDIS_URL": f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/9",
        "DATA_DIR": str(folder),
        "ALLOWED_HOSTS": "studios.example.cn,localhost,127.0.0.1",
    }
    made = Site(folder, services, addresses)

    def execute(statement: str) -> None:
        with closing(psycopg2.connect(f"{server}/postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    execute(f"CREATE DATABASE {name}")
    try:
        prepare = made.command("prepare")
        subprocess.run(prepare, cwd=ROOT, env=made.environment("prepare"), check=True, capture_output=True)
        with ExitStack() as stack:
            for service in ("web", "worker", "beat"):
                log = folder / f"{service}.log"
                stack.enter_context(up(made.command(service), made.environment(service), log))
            wait_until_it_answers(f"http://127.0.0.1:{made.port}")
            yield made
    finally:
        execute(f"DROP DATABASE {name} WITH (FORCE)")
