"""PostgreSQL restarted, and crashed, under visitors."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from signal import SIGINT, SIGKILL
from threading import Event

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House, until
from tests.resilience.visitor import Answer, Visitor

AWAY = 2.0  # seconds between its end and its start
PEOPLE = 6


def wander(visitor: Visitor, path: str, enough: Event) -> list[Answer]:
    """Ask for a page again and again until it is enough."""
    answers = []
    while not enough.is_set():
        answers.append(visitor.get(path))
        time.sleep(0.05)
    return answers


def crash(house: House) -> None:
    """kill -9 to one of the server processes: PostgreSQL throws all others out and recovers."""
    ((pid,),) = house.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
    )
    os.kill(pid, SIGKILL)


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "PostgreSQL restarted",
        f"stopped for {AWAY:.0f} s and started, then a server process of it killed (crash recovery), under "
        f"{PEOPLE} visitors",
        "every answer 200, or 503 with the page that says so; the same processes go on, the worker too",
    )
    with House.built(on) as house:
        house.start("web", "worker", "beat")
        processes = [house.parts[part].pid for part in house.parts] + house.children("web")
        names = ("bureau", "leader", "county", "school", "principal", "")[:PEOPLE]
        inside = [house.visitor(name) for name in names]
        enough = Event()
        with ThreadPoolExecutor(PEOPLE) as people:
            walks = [
                people.submit(wander, visitor, "/desk/" if name else "/directory/", enough)
                for visitor, name in zip(inside, names, strict=True)
            ]
            try:
                time.sleep(1)
                on.postgres.stop(SIGINT)
                time.sleep(AWAY)
                on.postgres.start()
                back = until(lambda: inside[0].get("/desk/").status == 200, "the desk is there again")
                crash(house)
                until(lambda: inside[0].get("/desk/").status == 200, "the desk is there after a crash")
                time.sleep(1)
            finally:
                enough.set()
            answers = [answer for walk in walks for answer in walk.result()]
        met = Counter(answer.status for answer in answers)
        finding.expect(set(met) <= {200, 503}, f"answers {dict(met)}")
        finding.expect(met[503], "nobody noticed anything: the test did nothing")
        for answer in answers:
            known = answer.status != 503 or "系统暂时不能使用" in answer.text
            finding.expect(known, f"a 503 that says {answer.words[:100]}")
            finding.expect(answer.status in (200, 503), f"{answer.status}: {answer.words[:150]}")
        publicity = house.figure("SELECT id FROM applications_publicity WHERE state = 'published'")
        taken = inside[0].post(
            f"/publicities/{publicity}/steps/correct/", {"opinion": "更正。", "note": "学校名称更正。"}
        )
        finding.expect(taken.status == 302, f"a step afterwards: {taken.status} {taken.words[:200]}")
        until(
            lambda: not house.figure("SELECT count(*) FROM office_job WHERE state IN ('waiting', 'running')"),
            "the worker does its jobs afterwards",
        )
        still = [house.parts[part].pid for part in house.parts] + house.children("web")
        finding.expect(still == processes, "a process had to be started again")
        finding.expect(
            all(part.poll() is None for part in house.parts.values()), "a process of the program has ended"
        )
        finding.faults = sorted(set(finding.faults)) + house.faults()
        finding.seen = f"{met[200]} pages, {met[503]} times the 503 page; well {back:.1f} s after the start, no process restarted"
    return finding
