"""The real program on this machine, as docker-compose.yml commands it, with servers of its own that may be hurt.

``ground`` starts PostgreSQL and Redis and lays the demonstration once; ``House.built`` runs the program on a clone of it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

import psycopg2
from redis import Redis

from tests.demonstration import ROOT
from tests.operations.composed import PROGRAMS, composed, here
from tests.resilience.visitor import Visitor
from tests.servers import Server, free_port, postgres, redis

PATIENCE = 90.0  # seconds
CLOCK = Path(__file__).parent / "clock"
SECRETS = ("DOMAIN", "POSTGRES_PASSWORD", "SECRET_KEY", "HISTORY_KEY", "FIELD_KEY")
NOW = timedelta()
_serial = count(1)


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> float:
    """Wait until it is true; returns the seconds, raises TimeoutError with what was waited for."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > patience:
            raise TimeoutError(f"after {patience:.0f} s still not: {what}")
        time.sleep(0.1)
    return time.monotonic() - began


@dataclass
class Ground:
    """The two servers, and the folder of the demonstration whose database is ``demonstration``."""

    folder: Path
    postgres: Server
    redis: Server

    def database(self, name: str) -> str:
        return f"{self.postgres.url.rsplit('/', 1)[0]}/{name}"

    def execute(self, statement: str) -> None:
        with closing(psycopg2.connect(self.postgres.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


@contextmanager
def ground() -> Iterator[Ground]:
    """Servers of our own (those of the environment are not ours to stop) and the demonstration."""
    with tempfile.TemporaryDirectory(prefix="studio-resilience-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        for part in ("postgres", "redis", "data"):
            (folder / part).mkdir(mode=0o700)
        with postgres(folder / "postgres") as database, redis(folder / "redis") as broker:
            laid = Ground(folder, database, broker)
            laid.execute("CREATE DATABASE demonstration")
            first = House(laid, "demonstration", folder / "data")
            first.run("-m", "config.prepare")
            yield laid


@dataclass
class House:
    """The program on one database; its parts are web, worker, beat."""

    ground: Ground
    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def built(cls, on: Ground, **settings: str) -> Iterator[House]:
        """A clone of the demonstration, its keys and files; ``settings`` is what .env would say. Nothing runs yet."""
        name = f"house_{os.getpid()}_{next(_serial)}"
        folder = on.folder / name
        shutil.copytree(on.folder / "data", folder)
        on.execute(f"CREATE DATABASE {name} TEMPLATE demonstration")
        Redis.from_url(on.redis.url).flushall()
        house = cls(on, name, folder, settings=settings)
        try:
            yield house
        finally:
            for part in list(house.parts):
                house.end(part, SIGKILL)
            on.execute(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(folder, ignore_errors=True)

    # --- its parts

    def start(self, *parts: str, ahead: timedelta = NOW) -> None:
        """Start parts, their clock so much ahead, and wait until the web server answers."""
        services = composed(dict.fromkeys(SECRETS, "-") | self.settings)["services"]
        for part in parts:
            changes = {"0.0.0.0:8000": f"127.0.0.1:{self.port}", "/tmp/": f"{self.folder}/"}
            with self.log(part).open("ab") as output:
                self.parts[part] = subprocess.Popen(
                    here(services[part]["command"], **changes),
                    cwd=ROOT,
                    env=self.environment(ahead),
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
        if "web" in parts:
            until(self.healthy, "the program answers")

    def end(self, part: str, sign: int = SIGTERM) -> None:
        """End a part with all its processes; SIGKILL asks none of them."""
        process = self.parts.pop(part)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, SIGKILL)
            process.wait()

    def children(self, part: str) -> list[int]:
        """The processes that a part's first process has started."""
        pid = self.parts[part].pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_children(self, part: str) -> None:
        """SIGKILL for all of them at once; the first process starts others."""
        for pid in self.children(part):
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)

    def healthy(self) -> bool:
        return Visitor(self.host).get("/healthz").status == 200

    def log(self, part: str) -> Path:
        return self.folder / f"{part}.log"

    # --- what it knows

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, username: str = "") -> Visitor:
        """Somebody from outside, logged in when named."""
        visitor = Visitor(self.host)
        return visitor.enter(username) if username else visitor

    def environment(self, ahead: timedelta = NOW) -> Mapping[str, str]:
        """What a process of the program is started with."""
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL") if name in os.environ}
        found = kept | {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "DATABASE_URL": self.ground.database(self.name),
            "REDIS_URL": self.ground.redis.url,
            "DATA_DIR": str(self.folder),
            "DEMO": "1",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }
        if ahead:
            found |= {"CLOCK_AHEAD": str(ahead.total_seconds()), "PYTHONPATH": str(CLOCK)}
        return found

    def run(self, *words: str, ahead: timedelta = NOW) -> str:
        """What Python says with these words, as a process of the program; raises RuntimeError with its complaint."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(ahead),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def scenery(self, name: str, *words: object, ahead: timedelta = NOW) -> Any:
        """What a function of tests/resilience/scenery.py gives, run beside the program."""
        said = self.run("-m", "tests.resilience.scenery", name, *map(str, words), ahead=ahead)
        return json.loads(said.splitlines()[-1])

    def faults(self, ahead: timedelta = NOW) -> list[str]:
        """What is wrong in history, numbers, documents, files; empty when all is whole."""
        return list(self.scenery("faults", ahead=ahead))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.ground.database(self.name))) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall()

    def figure(self, query: str, *values: object) -> int:
        """The one number that a query gives."""
        return int(self.rows(query, *values)[0][0])
