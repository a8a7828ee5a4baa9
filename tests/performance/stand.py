"""What is measured on: PostgreSQL, Redis, the data sets, and the program's own server on two processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.servers import free_port, postgres, redis

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a server that does not answer is given up
MEMORY = {"shared_buffers": "1GB", "max_wal_size": "8GB", "work_mem": "16MB"}
CORES = (0, 1)  # what QUALITY's figures were taken on


@contextmanager
def database_server(folder: Path) -> Iterator[str]:
    """PostgreSQL with its data below ``folder``; gives its URL without a database."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("", "postgres"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name).chmod(0o711)
    with postgres(folder / "postgres", **MEMORY) as server:
        yield server.url.rsplit("/", 1)[0]


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """An empty Redis; gives its URL."""
    (folder / "redis").mkdir(exist_ok=True)
    with redis(folder / "redis") as server:
        yield server.url


def run_sql(server: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements one by one outside a transaction; returns the rows of the last."""
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def environment(folder: Path, server: str, database: str, redis_url: str) -> dict[str, str]:
    """What a process of the program is started with for a data set."""
    return os.environ | {
        "DATABASE_URL": f"{server}/{database}",
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "tests.performance.settings",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def ensure(name: str, folder: Path, server: str, redis_url: str, scale: float) -> str:
    """Make the data set, unless an earlier run left it; returns the name of its database."""
    database = f"{name}_{scale:g}".replace(".", "_")
    if run_sql(server, f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
        return database
    run_sql(server, f"DROP DATABASE IF EXISTS {database}_new", f"CREATE DATABASE {database}_new")
    shutil.rmtree(folder / database, ignore_errors=True)
    variables = environment(folder / database, server, f"{database}_new", redis_url)
    for command in (["migrate", "-v0"], ["dataset", name, "--scale", f"{scale:g}"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=variables, check=True)
    run_sql(server, f"ALTER DATABASE {database}_new RENAME TO {database}")
    return database


@contextmanager
def copied(server: str, database: str) -> Iterator[str]:
    """A copy to work on, so that what a run changes is gone after it; gives its name."""
    name = f"{database}_run"
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    run_sql(server, drop, f"CREATE DATABASE {name} TEMPLATE {database} STRATEGY FILE_COPY")
    try:
        yield name
    finally:
        run_sql(server, drop)


def pinned(cores: tuple[int, ...]) -> list[str]:
    """The words before a command that keep it to these cores, where the machine has more of them."""
    enough = (os.cpu_count() or 1) > len(cores) and shutil.which("taskset")
    return ["taskset", "-c", ",".join(map(str, cores))] if enough else []


@contextmanager
def program(variables: dict[str, str], log: Path, processes: int = 2) -> Iterator[int]:
    """The program's server as script/run starts it; gives its port once it answers."""
    subprocess.run([sys.executable, "-m", "config.prepare"], cwd=ROOT, env=variables, check=True)
    port = free_port()
    command = [
        *pinned(CORES),
        sys.executable,
        "-m",
        "gunicorn",
        "tests.performance.wsgi",
        "--no-control-socket",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--timeout", "120"]
    command += ["--workers", str(processes), "--threads", "8"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(port, server, log)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}") from None
            time.sleep(0.1)
