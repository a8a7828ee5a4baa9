"""A server process killed in the middle of a step."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.resilience.finding import Finding
from tests.resilience.house import NOW, Ground, House, until
from tests.resilience.visitor import PASSWORD, Visitor

LATER = timedelta(days=40)  # when every publicity is over


@dataclass
class Killer:
    """Takes steps through the browser's door and kills the server while it is at them."""

    house: House
    finding: Finding
    random: Random
    ahead: timedelta = NOW
    span: float = 0.15  # seconds within which the kill falls; follows the moment at which steps end
    kills: int = 0
    before: int = 0
    after: int = 0

    def taken(self, path: str) -> int:
        """How often the step of this address stands in the history."""
        flow, key, _, step = path.strip("/").split("/")
        model = {"calls": "call", "publicities": "publicity", "announcements": "announcement"}[flow]
        table, column = f"applications_{model}", "number" if model == "call" else "id"
        return self.house.figure(
            "SELECT count(*) FROM office_entry e JOIN django_content_type t ON t.id = e.content_type_id"
            f" JOIN {table} c ON c.id = e.object_id WHERE t.model = %s AND c.{column}::text = %s AND e.step = %s",
            model,
            key,
            step,
        )

    def attempt(self, visitor: Visitor, path: str, form: dict[str, str]) -> bool:
        """Send the step, kill all server processes within ``span``; True when it was taken."""
        was = self.taken(path)
        wait = self.random.uniform(self.span / 4, self.span)
        with ThreadPoolExecutor(1) as line:
            sent = line.submit(visitor.post, path, form)
            time.sleep(wait)
            self.house.kill_children("web")
            answer = sent.result()
        self.kills += 1
        # What the database still does for a dead client ends by itself.
        until(self.idle, "no transaction is left open")
        now = self.taken(path)
        self.finding.expect(now - was in (0, 1), f"{path}: taken {now - was} times at once")
        self.finding.expect(
            answer.status != 302 or now > was, f"{path}: answered as taken, but the history does not have it"
        )
        self.finding.expect(answer.status in (0, 302), f"{path}: answered {answer.status}: {answer.refusal}")
        self.before += now == was
        self.after += now > was
        self.span *= 1.5 if now == was else 0.8
        until(self.house.healthy, "the server is there again by itself")
        return now > was

    def idle(self) -> bool:
        return not self.house.figure(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )

    def through(self, visitor: Visitor, path: str, form: dict[str, str], kills: int) -> None:
        """Take a step that can be taken once, with up to ``kills`` deaths before it is."""
        if not any(self.attempt(visitor, path, form) for _ in range(kills)):
            answer = visitor.post(path, form)
            self.finding.expect(answer.status == 302, f"{path}: {answer.status} {answer.refusal}")
        self.check(path)

    def check(self, path: str) -> None:
        self.finding.faults += [f"{path}: {fault}" for fault in self.house.faults(self.ahead)]


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "a server process killed in the middle of a step",
        "",
        "each case's state is its last entry's, both chains, numbers without gaps, a document "
        "and a printing job per step, what a step does to other cases",
    )
    kills = 12 if much else 2
    with House.built(on, WEB_PROCESSES="1") as house:
        call = house.scenery("to_decide")["call"]
        house.start("web")
        officer, leader = house.visitor("bureau"), house.visitor("leader")
        killer = Killer(house, finding, Random(3))
        sealed = {"password": PASSWORD}
        opinion = sealed | {"opinion": "经局党组会议研究，同意。"}
        killer.through(leader, f"/calls/{call}/steps/decide/", opinion, kills)
        officer.post(f"/calls/{call}/publicity/", {"days": "5", "contact": "赤峰市教育局，电话 0476-8300000"})
        publicity = house.figure("SELECT max(id) FROM applications_publicity")
        killer.through(officer, f"/publicities/{publicity}/steps/publish/", sealed, kills)
        correction = {"opinion": "学校名称有误，予以更正。", "note": "学校名称更正。"}
        for _ in range(3 * kills):
            killer.attempt(officer, f"/publicities/{publicity}/steps/correct/", correction)
        killer.check("correct")
        house.end("web")
        house.start("web", ahead=LATER)
        killer.ahead = LATER
        officer, leader = house.visitor("bureau"), house.visitor("leader")
        killer.through(officer, f"/publicities/{publicity}/steps/conclude/", {}, kills)
        form = {"title": "关于公布名校长工作室名单的通知", "issued_on": "2027-01-04", "document_number": ""}
        officer.post(f"/calls/{call}/announcement/", form)
        announcement = house.figure("SELECT max(id) FROM applications_announcement")
        killer.through(leader, f"/announcements/{announcement}/steps/issue/", opinion, kills)
        ended = house.rows("SELECT state FROM applications_call WHERE number = %s", call)
        finding.expect(ended == [("announced",)], f"the call ended as {ended}")
        finding.done = (
            f"SIGKILL to gunicorn's workers {killer.kills} times at random moments of "
            "审定、公示、更正、公示结束、公布"
        )
        finding.seen = f"{killer.before} times before, {killer.after} times after, and on from there"
        finding.expect(killer.before and killer.after, f"no kill fell into a step: {finding.seen}")
    return finding
