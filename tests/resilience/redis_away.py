"""Redis away: gone, then hanging, then back."""

from __future__ import annotations

import time
from signal import SIGCONT, SIGKILL, SIGSTOP

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House, until
from tests.resilience.visitor import Answer, Visitor

SLOWER = 1.0  # seconds that a page may take longer without Redis
RESTED = 11.0  # seconds after which the program asks Redis again
ROUNDS = 3


class Day:
    """What a few people do, and how long the slowest answer takes."""

    def __init__(self, house: House, finding: Finding) -> None:
        self.house, self.finding = house, finding
        self.publicity = house.figure("SELECT id FROM applications_publicity WHERE state = 'published'")
        self.officer, self.public = house.visitor("bureau"), house.visitor()

    def lived(self, when: str) -> float:
        """Pages and a step; returns the seconds of the slowest, notes whatever is not answered well."""
        list_address = f"/public/publicity/{self.publicity}/"
        asked: list[tuple[Visitor, str]] = [
            (self.public, "/"),
            (self.public, list_address),
            (self.public, "/directory/"),
            (self.officer, "/desk/"),
            (self.officer, "/applications/"),
            (self.officer, f"/publicities/{self.publicity}/"),
        ]
        answers = [visitor.get(path) for visitor, path in asked]
        answers.append(self.corrected())
        for (_, path), answer in zip([*asked, (None, "更正")], answers, strict=True):
            self.finding.expect(
                answer.status in (200, 302), f"{when}: {path} {answer.status} {answer.refusal}"
            )
        return max(answer.seconds for answer in answers)

    def corrected(self) -> Answer:
        """A step with a document, so with a job and a nudge."""
        form = {"opinion": "学校名称有误，予以更正。", "note": "学校名称更正。"}
        return self.officer.post(f"/publicities/{self.publicity}/steps/correct/", form)

    def quickest(self, when: str, enough: float) -> float:
        """The best of some rounds, each of which finds Redis unasked for a while: the machine may be busy."""
        best = self.lived(when)
        for _ in range(ROUNDS - 1):
            if best <= enough:
                break
            time.sleep(RESTED)
            best = min(best, self.lived(when))
        return best


def unfinished(house: House) -> int:
    return house.figure("SELECT count(*) FROM office_job WHERE state IN ('waiting', 'running')")


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "Redis away",
        "Redis killed, then started but hanging (SIGSTOP), then well again; pages, public pages and a step with a "
        "document meanwhile",
        "every answer 200 or 302 and at most 1 s slower; jobs counted in the database while it is away and after",
    )
    with House.built(on) as house:
        house.start("web", "worker", "beat")
        day = Day(house, finding)
        day.lived("before")
        usual = min(day.lived("before") for _ in range(2))
        until(lambda: not unfinished(house), "the worker prints while all is well")
        slowest = {}
        on.redis.stop(SIGKILL)
        try:
            slowest["gone"] = day.quickest("gone", usual + SLOWER)
            waiting = unfinished(house)
            finding.expect(waiting, "without Redis the job was not waiting")
            on.redis.start()
            on.redis.send(SIGSTOP)
            time.sleep(RESTED)
            slowest["hanging"] = day.quickest("hanging", usual + SLOWER)
            waiting = unfinished(house)
        finally:
            on.redis.send(SIGCONT)
            if on.redis.process is None:
                on.redis.start()
        back = until(lambda: not unfinished(house), "the jobs run when Redis is back")
        for when, seconds in slowest.items():
            finding.expect(seconds <= usual + SLOWER, f"{when}: {seconds:.1f} s instead of {usual:.1f} s")
        finding.faults += house.faults()
        times = ", ".join(f"{when} {seconds:.2f} s" for when, seconds in slowest.items())
        finding.seen = (
            f"slowest answer with Redis {usual:.2f} s, {times}; {waiting} jobs waited and were done {back:.0f} s after "
            "it came back"
        )
    return finding
