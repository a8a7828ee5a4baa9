"""QUALITY's table of speed: python -m tests.performance --help."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.performance import stand, table

BIGGEST = 1.3  # times as long may a page of the nation take as the same page of the city


@contextmanager
def kept_or_passing(folder: str) -> Iterator[Path]:
    """The folder named, which stays, or one that goes with the run."""
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="studio-speed-") as passing:
        Path(passing).chmod(0o711)
        yield Path(passing)


def measured(folder: Path, server: str, redis_url: str, source: str, parts: list[str], seconds: int) -> dict:
    """What a process of its own finds on a copy of the data set in the database ``source``."""
    with stand.copied(server, source) as database:
        variables = stand.environment(folder / source, server, database, redis_url)
        with stand.program(variables, folder / f"{source}.log") as port:
            command = [sys.executable, "-m", "tests.performance.measure", *parts]
            done = subprocess.run(
                [*command, "--port", str(port), "--seconds", str(seconds)],
                cwd=stand.ROOT,
                env=variables,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
    return json.loads(done.stdout)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--sets", nargs="+", default=["city", "nation"], choices=["city", "nation"])
    parser.add_argument("--parts", nargs="+", default=["pages", "steps", "night"], help="pages, steps, night")
    parser.add_argument("--scale", type=float, default=1.0, help="of every data set; the table is for 1")
    parser.add_argument(
        "--keep", default="", metavar="FOLDER", help="where the data sets stay for the next run"
    )
    parser.add_argument("--seconds", type=int, default=60, help="how long the deadline night lasts")
    parser.add_argument("--load-only", action="store_true", help="only make the data sets")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    found: dict[str, dict] = {}
    with (
        kept_or_passing(given.keep) as folder,
        stand.database_server(folder) as server,
        stand.broker(folder) as url,
    ):
        for name in given.sets:
            database = stand.ensure(name, folder, server, url, given.scale)
            if not given.load_only:
                load = os.getloadavg()[0]
                found[name] = measured(folder, server, url, database, given.parts, given.seconds)
                print(table.of_set(name, found[name], load), flush=True)
    if len(found) == 2:
        print(table.against(found["city"], found["nation"], BIGGEST))


if __name__ == "__main__":
    main()
