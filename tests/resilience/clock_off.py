"""A job clock that was off for a day, and more."""

from __future__ import annotations

import time
from datetime import timedelta

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House, until

OFF = timedelta(days=30)
DUE = (
    "SELECT 'conclude', id FROM applications_publicity WHERE state = 'published' AND ends_at < now() + %s"
    " UNION ALL SELECT 'lapse', id FROM applications_application WHERE due < now() + %s"
    " AND state IN ('draft', 'school_review', 'authority_review', 'returned')"
)
DONE = "SELECT step, object_id, count(*) FROM office_entry WHERE step IN ('conclude', 'lapse') AND user_id IS NULL"


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "a job clock that was off for a day",
        f"worker and clock ended, started again {OFF.days} days later (their date set ahead), two workers at once, the "
        "clock's tasks handed out ten times more",
        "each publicity and application whose date had passed has one entry of the clock, no other has any",
    )
    with House.built(on) as house:
        house.start("beat", "worker")
        # beat writes down when it last rang: that is what it finds a month later
        until(lambda: list(house.folder.glob("beat-schedule*")), "beat has begun its book")
        time.sleep(2)
        house.end("beat")
        house.end("worker")
        due = set(house.rows(DUE, OFF, OFF))
        finding.expect(len(due) > 5, f"only {len(due)} deadlines to act on")

        def acted() -> dict[tuple[str, int], int]:
            application = "SELECT id FROM django_content_type WHERE model IN ('application', 'publicity')"
            query = f"{DONE} AND content_type_id IN ({application}) GROUP BY step, object_id"
            return {(step, pk): times for step, pk, times in house.rows(query)}

        earlier = acted()
        house.start("beat", "worker", ahead=OFF)
        first = house.parts.pop("worker")
        house.parts["first worker"] = first
        house.start("worker", ahead=OFF)
        seconds = until(lambda: len(acted()) >= len(earlier) + len(due), "every deadline is acted on", 150)
        house.scenery("tick", 10, ahead=OFF)
        time.sleep(8 if much else 4)
        found = {key: times for key, times in acted().items() if key not in earlier}
        finding.expect(set(found) == due, f"acted on {len(found)} of {len(due)}: {set(found) ^ due}")
        finding.expect(set(found.values()) == {1}, f"more than once: {found}")
        finding.faults += house.faults(OFF)
        finding.seen = (
            f"{len(due)} deadlines acted on once each, within {seconds:.0f} s of the clock's return"
        )
    return finding
