"""The calls of a bureau in the data set: two that ended in studios, one under review, one that takes applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Role
from applications.defaults import MATERIALS
from applications.flows import ANNOUNCEMENT, CALL, PUBLICITY
from applications.models import (
    Announcement,
    AnnouncementState,
    Call,
    CallState,
    Expert,
    Material,
    Panel,
    PanelSeat,
    Publicity,
    PublicityState,
    StagePlaces,
)
from office.models import OfficialDocument
from portal.dataset.history import Actor, History, begun, taken
from portal.dataset.loading import Table
from portal.dataset.people import People, Place
from studios.models import Stage

PANEL = 7
DAYS = {"submit_by": 30, "school_by": 40, "authority_by": 50, "check_by": 60, "score_by": 80}
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CONTACT = "市教育局人事科，电话 0476-8300000"

S = CallState
# The steps by which a call comes to a state, and on which day of it.
WAY = (
    ("open", S.DRAFT, 0),
    ("start_review", S.OPEN, 62),
    ("decide", S.REVIEWING, 85),
    ("publicise", S.DECIDED, 87),
    ("announce", S.PUBLICITY, 97),
)
STEPS_TO = {S.OPEN: 1, S.REVIEWING: 2, S.PUBLICITY: 4, S.ANNOUNCED: 5}


@dataclass(frozen=True)
class Round:
    """One call as the applications in it need it."""

    key: int
    number: str
    state: str
    opened: datetime
    dates: dict[str, datetime]
    start_on: date
    panels: dict[str, list[tuple[int, Actor]]]
    publicity: int | None
    announcement: int | None

    def on(self, day: int, hour: int = 9) -> datetime:
        """A moment so many days after the opening."""
        return self.opened + timedelta(days=day, hours=hour)


def check_code(random: Random) -> str:
    """As office.models makes them, by the seed."""
    return "".join(random.choices(CODE_LETTERS, k=16))


class Calls:
    """Writes calls with their places, materials, panels, documents."""

    def __init__(self, random: Random, at: datetime, history: History, people: People) -> None:
        self.random, self.at, self.history, self.people = random, at, history, people
        self.calls = Table(
            Call,
            *("number", "programme_id", "name", "state", "since", "due", "start_on", "opens_at", *DAYS),
            *("rubric_id", "panel_size"),
        )
        self.places = Table(StagePlaces, "call_id", "stage", "number")
        self.materials = Table(Material, "call_id", "key", "label", "by", "required", "hint", "order")
        self.experts = Table(Expert, "user_id", "unit_id", "stages")
        self.panels = Table(Panel, "call_id", "stage")
        self.seats = Table(PanelSeat, "panel_id", "expert_id")
        self.publicities = Table(
            Publicity, "call_id", "state", "days", "since", "published_at", "ends_at", "contact"
        )
        self.announcements = Table(Announcement, "call_id", "state", "since", "title", "issued_on")
        self.documents = Table(
            OfficialDocument,
            *("content_type_id", "object_id", "kind", "issuer_id", "number", "title", "facts", "issued_on"),
            *("public", "check_code", "created_at"),
        )

    def tables(self) -> list[Table]:
        return [
            *(self.calls, self.places, self.materials, self.experts, self.panels, self.seats),
            *(self.publicities, self.announcements, self.documents),
        ]

    def pool(self, place: Place) -> dict[str, list[tuple[int, Actor]]]:
        """Experts of the bureau, a panel's worth for each stage."""
        found = {}
        for stage in Stage.values:
            people = [self.people.someone(Role.EXPERT, place.key) for _ in range(PANEL)]
            found[stage] = [
                (self.experts.add(who.user, place.key, list(Stage.values)), who) for who in people
            ]
        return found

    def round(
        self,
        place: Place,
        programme: int,
        rubric: int,
        experts: dict[str, list[tuple[int, Actor]]],
        state: CallState,
        opened: datetime,
    ) -> Round:
        """One call in ``state``, opened at ``opened``."""
        opened = datetime.combine(timezone.localdate(opened), time(), timezone.get_current_timezone())
        year = opened.astimezone().year
        number = f"{place.code}-{year}-{self.calls.last + 1}"
        name = f"{year}年{place.name.removesuffix('教育局')}名校长工作室申报"
        dates = {field: opened + timedelta(days=days, seconds=-1) for field, days in DAYS.items()}
        happened = [begun(S.DRAFT, place.officer, opened - timedelta(days=3), "拟定批次")]
        happened += [
            taken(
                CALL,
                step,
                source,
                place.leader if step == "decide" else place.officer,
                opened + timedelta(days=day),
            )
            for step, source, day in WAY[: STEPS_TO[state]]
        ]
        since = happened[-1].at
        due = {S.OPEN: dates["check_by"], S.REVIEWING: dates["score_by"]}.get(state)
        start_on = date(year + 1, 1, 1)
        key = self.calls.add(
            *(number, programme, name, state, since, due, start_on, opened, *dates.values(), rubric, PANEL)
        )
        self.history.tell(Call, key, happened)
        for stage in Stage.values:
            self.places.add(key, stage, 20)
        for order, (slot, label, by, required, hint) in enumerate(MATERIALS, 1):
            self.materials.add(key, slot, label, by, required, hint, order)
        self._document(place, Call, key, "call_notice", f"关于开展{name}工作的通知", opened, public=True)
        seated = experts if state != S.OPEN else {}
        for stage, held in seated.items():
            panel = self.panels.add(key, stage)
            for expert, _ in held:
                self.seats.add(panel, expert)
        publicity = announcement = None
        if state in (S.PUBLICITY, S.ANNOUNCED):
            publicity = self._publicity(place, key, name, opened, state == S.ANNOUNCED)
        if state == S.ANNOUNCED:
            announcement = self._announcement(place, key, name, opened)
        return Round(key, number, state, opened, dates, start_on, seated, publicity, announcement)

    def _publicity(self, place: Place, call: int, name: str, opened: datetime, over: bool) -> int:
        """The publicity of a call, ``over`` or running; returns its key."""
        up, end = (opened + timedelta(days=day, hours=9) for day in (87, 95))
        happened = [
            begun(PublicityState.DRAFT, place.officer, up),
            taken(PUBLICITY, "publish", PublicityState.DRAFT, place.officer, up),
        ]
        if over:
            happened.append(taken(PUBLICITY, "conclude", PublicityState.PUBLISHED, place.officer, end))
        key = self.publicities.add(call, happened[-1].target, 5, happened[-1].at, up, end, CONTACT)
        self.history.tell(Publicity, key, happened)
        self._document(place, Publicity, key, "publicity", f"关于{name}拟建设名单的公示", up)
        return key

    def _announcement(self, place: Place, call: int, name: str, opened: datetime) -> int:
        """The announcement that ended a call; returns its key."""
        at = opened + timedelta(days=97, hours=9)
        title = f"关于公布{name.removesuffix('申报')}名单的通知"
        key = self.announcements.add(call, AnnouncementState.ISSUED, at, title, at.date())
        drafted = AnnouncementState.DRAFTED
        issued = taken(ANNOUNCEMENT, "issue", drafted, place.leader, at)
        self.history.tell(Announcement, key, [begun(drafted, place.officer, at), issued])
        self._document(place, Announcement, key, "announcement", title, at, public=True)
        return key

    def _document(
        self, place: Place, model: Any, key: int, kind: str, title: str, at: datetime, public: bool = False
    ) -> None:
        serial = self.documents.last + 1
        number = f"第{place.number}教发〔{at.year}〕{serial}号" if public else ""
        code = check_code(self.random)
        row: tuple[Any, ...] = (
            self.history.kind(model),
            key,
            kind,
            place.key,
            number,
            title,
            {},
            at.date(),
            public,
            code,
            at,
        )
        self.documents.add(*row)
