"""The submission at 23:59:59."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import psycopg2

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House
from tests.resilience.visitor import Answer

BEFORE = 25.0  # seconds between the server's start and midnight
TRIES = 3


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "the 23:59:59 submission",
        "with the server's clock close to the end of the call: sent at 23:59:59; sent then, but held up until after "
        "midnight; sent after midnight",
        "state and time of arrival in the database; the refusal names the end",
    )
    with House.built(on, WEB_PROCESSES="2") as house:
        scene = house.scenery("drafts", 3)
        drafts, patience = scene["drafts"], BEFORE
        for _ in range(TRIES):
            ahead, midnight = scene["ends"] - time.time() - patience, time.monotonic() + patience
            house.start("web", ahead=timedelta(seconds=ahead))
            inside = [house.visitor(draft["user"]) for draft in drafts]
            if midnight - time.monotonic() > 3:
                break
            house.end("web")
            patience *= 2
        paths = [f"/applications/{draft['number']}/steps/submit/" for draft in drafts]
        with ThreadPoolExecutor(2) as people, closing(psycopg2.connect(on.database(house.name))) as other:
            time.sleep(midnight - 0.8 - time.monotonic())
            punctual: Future[Answer] = people.submit(inside[0].post, paths[0], scene["ticked"])
            other.cursor().execute(
                "SELECT 1 FROM applications_application WHERE id = %s FOR UPDATE", [drafts[1]["pk"]]
            )
            held_up: Future[Answer] = people.submit(inside[1].post, paths[1], scene["ticked"])
            time.sleep(midnight + 0.3 - time.monotonic())
            late = inside[2].post(paths[2], scene["ticked"])
            time.sleep(max(0.0, midnight + 2 - time.monotonic()))
            waited = not held_up.done()
            other.commit()
            answers = [punctual.result(), held_up.result(), late]
        finding.expect(waited, "the second was not held up")
        expected = [302, 302, 422]
        finding.expect(
            [answer.status for answer in answers] == expected,
            "; ".join(f"{answer.status} {answer.refusal}" for answer in answers),
        )
        finding.expect("截止" in late.words, "the refusal does not say that the call has ended")
        states = dict(
            house.rows(
                "SELECT id, state FROM applications_application WHERE id = ANY(%s)",
                [draft["pk"] for draft in drafts],
            )
        )
        kept = [states[draft["pk"]] for draft in drafts]
        finding.expect(kept == ["school_review", "school_review", "draft"], f"states {kept}")
        times = [
            f"{at:%H:%M:%S.%f}"[:12]
            for (at,) in house.rows(
                "SELECT submitted_at AT TIME ZONE 'Asia/Shanghai' FROM applications_application"
                " WHERE id = ANY(%s) AND submitted_at IS NOT NULL ORDER BY submitted_at",
                [draft["pk"] for draft in drafts],
            )
        ]
        finding.expect(all(at.startswith("23:59:59") for at in times), f"arrived at {times}")
        finding.seen = (
            f"counted as of {' and '.join(times)}, also the one done after midnight; the third refused"
        )
        finding.faults += house.faults(timedelta(seconds=ahead))
    return finding
