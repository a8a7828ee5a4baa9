"""50 people take the same step at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House
from tests.resilience.visitor import Answer, Visitor

PEOPLE = 50


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "50 people take the same step at once",
        "50 officers, logged in, press 形式审查通过 on one application at the same moment",
        "entries of the step counted in the database; history, numbers, documents, files whole",
    )
    # Room for all fifty in the program at once, so that none merely waits at the door.
    with House.built(on, WEB_PROCESSES="2", WEB_THREADS="30") as house:
        scene = house.scenery("fifty", PEOPLE)
        house.start("web")
        gate = Barrier(PEOPLE)

        def press(visitor: Visitor) -> Answer:
            gate.wait()
            return visitor.post(f"/applications/{scene['number']}/steps/accept/")

        with ThreadPoolExecutor(PEOPLE) as people:
            inside = [house.visitor().click_in(name) for name in scene["users"]]
            answers = list(people.map(press, inside))
        taken = [answer for answer in answers if answer.status == 302]
        told = [answer for answer in answers if answer.status == 409]
        who = house.rows(
            "SELECT u.name FROM office_entry e JOIN accounts_user u ON u.id = e.user_id"
            " JOIN django_content_type t ON t.id = e.content_type_id"
            " WHERE t.model = 'application' AND e.object_id = %s AND e.step = 'accept'",
            scene["pk"],
        )
        finding.seen = f"{len(taken)} succeeded, {len(told)} were told by whom and when"
        finding.expect((len(taken), len(told)) == (1, PEOPLE - 1), finding.seen)
        finding.expect(len(who) == 1, f"{len(who)} entries")
        words = f"{who[0][0]}已于" if who else "?"
        finding.expect(
            all(words in answer.words and "办理“形式审查通过”" in answer.words for answer in told),
            "somebody was not told who was first",
        )
        finding.faults += house.faults()
    return finding
