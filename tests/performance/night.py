"""The night of the deadline: principals save and submit as fast as the server lets them, while the bureau works on."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Role
from applications.content import SECTIONS
from applications.models import Application, ApplicationState
from office.filing.fields import value_of
from office.filing.pages import form_address
from office.filing.saving import stamp
from office.models import Entry
from tests.performance import drafts
from tests.performance.browser import Browser
from tests.performance.cast import session_of
from tests.performance.pages import Stopwatch

SECTION = SECTIONS["support"]
CLIENTS = (2, 8)  # processes, and people at once in each
PER_SECOND = 40  # drafts made ready for each second of the night
PAUSE = 0.25  # seconds between two looks at the desk


@dataclass(frozen=True)
class Errand:
    """What one principal sends: the address, the session, the section once more with one thing changed."""

    number: str
    session: str
    save: str
    submit: str
    values: dict[str, str]


def errands(limit: int) -> list[Errand]:
    """Principals with a complete draft in a call that is open, logged in."""
    rows = Application.objects.filter(state=ApplicationState.DRAFT).select_related("lead").order_by("pk")
    held = list(rows[:limit])
    appointments = {
        row.user_id: row
        for row in Appointment.objects.filter(
            role=Role.PRINCIPAL, user__in=[draft.lead.user_id for draft in held]
        ).select_related("user")
    }
    return [_errand(draft, session_of(appointments[draft.lead.user_id])) for draft in held]


def _errand(draft: Application, session: str) -> Errand:
    values = {field.key: str(value_of(draft, SECTION, field)) for field in SECTION.fields}
    values |= {"version": stamp(draft, SECTION), "address": f"{values['address']}（新）"}
    save = form_address(draft, SECTION.key)
    return Errand(
        draft.number, session, save, reverse("step-application", args=[draft.number, "submit"]), values
    )


def send(port: int, errand: Errand) -> tuple[int, float, int, float]:
    """Save, then submit; returns status and seconds of both."""
    browser = Browser(port, errand.session)
    saved = browser.post(errand.save, errand.values, X_Autosave="1")
    sent = browser.post(errand.submit, {})
    return saved.status, saved.seconds, sent.status, sent.seconds


def _crowd(port: int, mine: list[Errand], until: float, results: Any) -> None:
    """One process of clients: each takes the next errand until the time is over."""
    left, found, lock = iter(mine), [], threading.Lock()

    def person() -> None:
        while time.monotonic() < until:
            with lock:
                errand = next(left, None)
            if errand is None:
                return
            found.append((errand.number, *send(port, errand)))

    with ThreadPoolExecutor(CLIENTS[1]) as pool:
        for done in [pool.submit(person) for _ in range(CLIENTS[1])]:
            done.result()
    results.put(found)


def _desk(browser: Browser, until: float, crowd: list[Any]) -> Iterator[float]:
    """How long the bureau's desk takes while the crowd is busy."""
    path = reverse("desk")
    while time.monotonic() < until and any(process.is_alive() for process in crowd):
        yield browser.get(path).seconds
        time.sleep(PAUSE)


def measure(watch: Stopwatch, seconds: int) -> dict[str, Any]:
    """The deadline night; the floor is that of the quiet server before it.

    It ends with the seconds, or when everybody who could apply has.
    """
    drafts.make(watch.cast.open, PER_SECOND * seconds, timezone.now())
    ready = errands(PER_SECOND * seconds)
    floor = median(watch.floor() for _ in range(31))
    officer = watch.browser(watch.cast.appointment(Role.OFFICER))
    connections.close_all()
    context = multiprocessing.get_context("fork")
    results, began = context.Queue(), time.monotonic()
    until, processes = began + seconds, CLIENTS[0]
    crowd = [
        context.Process(target=_crowd, args=(watch.port, ready[number::processes], until, results))
        for number in range(processes)
    ]
    for process in crowd:
        process.start()
    desks: list[float] = []
    watched = threading.Thread(target=lambda: desks.extend(_desk(officer, until, crowd)))
    watched.start()
    found = [one for _ in crowd for one in results.get()]
    for process in crowd:
        process.join()
    lasted = min(seconds, time.monotonic() - began)
    watched.join()
    return _judged(found, lasted, floor, desks)


def _judged(
    found: list[tuple[str, int, float, int, float]], seconds: float, floor: float, desks: list[float]
) -> dict[str, Any]:
    accepted = [number for number, _, _, status, _ in found if status == 302]
    stored = Application.objects.filter(number__in=accepted).exclude(submitted_at=None)
    entries = Entry.objects.filter(
        content_type__model="application", step="submit", object_id__in=stored.values("pk")
    )
    return {
        "seconds": seconds,
        "submitted": len(accepted),
        "refused": sum(1 for _, saved, _, sent, _ in found if saved != 200 or sent != 302),
        "lost": len(accepted) - stored.filter(state=ApplicationState.SCHOOL_REVIEW).count(),
        "twice": entries.count() - len(accepted),
        "save_p95": _p95([save for _, _, save, _, _ in found]),
        "submit_p95": _p95([submit for *_, submit in found]),
        "desk_multiple": median(desks) / floor,
    }


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] * 1000
