"""A worker killed in the middle of a job."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random
from signal import SIGKILL

from tests.resilience.finding import Finding
from tests.resilience.house import NOW, Ground, House, until

LEASE_OVER = timedelta(seconds=150)
DOCUMENTS = 4  # in a round


def open_jobs(house: House, *states: str) -> int:
    return house.figure("SELECT count(*) FROM office_job WHERE state = ANY(%s)", list(states))


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "a worker killed in the middle of a job",
        "",
        "every job done, one PDF per document with its hash, numbers without gaps, one in-app notice per job; "
        "the end of a lease is lived through with a clock set ahead",
    )
    random, ahead, deaths, left = Random(5), NOW, 0, 0
    with House.built(on, WEB_PROCESSES="1", JOB_PROCESSES="1") as house:
        house.start("web")
        officer, auditor = house.visitor("bureau"), house.visitor("security")
        publicity = house.figure("SELECT id FROM applications_publicity WHERE state = 'published'")
        correction = {"opinion": "学校名称有误，予以更正。", "note": "学校名称更正。"}
        for _ in range(4 if much else 1):
            for _ in range(DOCUMENTS):
                officer.post(f"/publicities/{publicity}/steps/correct/", correction)
            auditor.post("/audit/verify/")
            for _ in range(2):
                house.start("worker", ahead=ahead)
                house.scenery("tick", 1, ahead=ahead)
                until(lambda: open_jobs(house, "running"), "a worker is at a job")
                time.sleep(random.uniform(0, 0.8))
                house.end("worker", SIGKILL)
                deaths += 1
                left += open_jobs(house, "running")
                ahead += LEASE_OVER
            house.start("worker", ahead=ahead)
            house.scenery("tick", 1, ahead=ahead)
            until(lambda: not open_jobs(house, "running", "waiting"), "all jobs have ended")
            house.end("worker")
        failed = open_jobs(house, "failed")
        finding.expect(not failed, f"{failed} jobs failed")
        finding.expect(left, "no worker died in the middle of a job")
        unprinted = house.figure("SELECT count(*) FROM office_officialdocument WHERE pdf = ''")
        finding.expect(not unprinted, f"{unprinted} documents without PDF")
        told = house.rows("SELECT url, count(*) FROM office_notice WHERE url LIKE '/jobs/%%' GROUP BY url")
        finding.expect(told, "nobody was told of the end of their job")
        finding.expect(all(times == 1 for _, times in told), f"told more than once: {told}")
        finding.faults += house.faults(ahead)
        finding.done = f"SIGKILL to the worker and its children {deaths} times while it prints and verifies"
        finding.seen = f"{left} jobs were left half way; each ran again to its end"
    return finding
