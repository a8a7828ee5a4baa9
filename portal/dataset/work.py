"""What studios of the data set do year by year: plans, activities, outputs, advice, summaries, support."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils import timezone

from portal.dataset.doings import DOINGS, OUTPUTS, Doing
from portal.dataset.founding import Founded, Year
from portal.dataset.history import Happened, History, begun, taken
from portal.dataset.loading import Table
from portal.dataset.people import Place
from portal.demo.plans import annual, development
from portal.demo.summaries import SUMMARY_WORDS
from studios.flows import ACTIVITY, ADVICE, OUTPUT, PLAN, PLEDGE, SUMMARY
from studios.models import (
    Activity,
    ActivityState,
    Advice,
    AdviceState,
    AnnualSummary,
    AnnualSummaryVersion,
    Attendance,
    Duty,
    FiledState,
    Output,
    OutputState,
    Plan,
    PlanItem,
    PlanKind,
    PlanVersion,
    PledgeState,
    SupportPledge,
    Verdict,
)

REPORT = "按计划开展，走进课堂听课六节，与教师座谈，就课堂评价提出三条建议。"
Attach = Callable[[int, int, str, str, str, Any, datetime], None]


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """The hour of that day, here."""
    return datetime.combine(date(year, month, day), time(hour), timezone.get_current_timezone())


@cache
def _plan(kind: str, year: int) -> tuple[str, list[dict[str, Any]]]:
    """What leads write into a plan of this kind and year, as JSON, and its tasks."""
    content = annual(year) if kind == PlanKind.ANNUAL else development(year)
    return json.dumps(content, ensure_ascii=False), content["items"]["items"]


SUMMARY_TEXT = json.dumps(SUMMARY_WORDS, ensure_ascii=False)


class Work:
    """Writes what a studio does. ``attach`` puts the shared file beside a row (Cases.attach)."""

    def __init__(self, history: History, attach: Attach) -> None:
        self.history, self.attach, self.now = history, attach, history.sealed_at
        self.plans = Table(
            Plan,
            *("studio_id", "kind", "term_id", "year_id", "content", "version", "saved_at", "state", "since"),
            *("filed_at", "due"),
        )
        self.plan_versions = Table(PlanVersion, "plan_id", "number", "content", "at")
        self.items = Table(
            PlanItem,
            *("plan_id", "key", "place", "duty", "task", "starts", "ends", "who", "target", "times", "share"),
        )
        self.activities = Table(
            Activity,
            *("studio_id", "year_id", "item_id", "title", "duty", "form", "place", "starts_at", "ends_at"),
            *("report", "audience", "state", "since", "due"),
        )
        self.attendances = Table(Attendance, "activity_id", "membership_id", "present")
        self.helped = Table(Activity.schools.through, "activity_id", "organisation_id")
        self.outputs = Table(
            Output,
            *("studio_id", "year_id", "duty", "kind", "title", "authors", "level", "dated", "state", "since"),
        )
        self.advice = Table(
            Advice,
            *("studio_id", "year_id", "kind", "title", "text", "handler_id", "verdict", "reply", "state"),
            *("since", "sent_at"),
        )
        self.summaries = Table(
            AnnualSummary, "year_id", "content", "version", "saved_at", "state", "since", "filed_at", "due"
        )
        self.summary_versions = Table(AnnualSummaryVersion, "summary_id", "number", "content", "at")
        self.pledges = Table(
            SupportPledge,
            *("year_id", "school_id", "membership_id", "workplace", "area", "load", "convenience", "state"),
            *("since", "due"),
        )

    def tables(self) -> list[Table]:
        return [
            *(self.plans, self.plan_versions, self.items, self.activities, self.attendances, self.helped),
            *(self.outputs, self.advice, self.summaries, self.summary_versions, self.pledges),
        ]

    def play(self, place: Place, founded: Founded) -> None:
        """All years that have begun; attendance and support of the present one."""
        begun_years = [year for year in founded.years if year.year <= self.now.year]
        for year in begun_years:
            if year.number == 1:
                # Of the present term every third studio has its development plan still before it.
                filed = year.term != begun_years[-1].term or founded.key % 3 != 0
                self._plan(founded, year, PlanKind.DEVELOPMENT, filed=filed)
            items = self._plan(founded, year, PlanKind.ANNUAL)
            present = year is begun_years[-1]
            for number, doing in enumerate(DOINGS):
                self._activity(place, founded, year, doing, number, items, present=present)
            for number, _ in enumerate(OUTPUTS):
                self._output(founded, year, number)
            self._advise(place, founded, year, answered=not present)
            self._summary(founded, year, filed=not present)
            if present:
                self._support(founded, year)

    def _plan(self, founded: Founded, year: Year, kind: PlanKind, filed: bool = True) -> dict[str, int]:
        """A plan, filed in February or complete and not yet filed; gives its items by duty."""
        content, tasks = _plan(kind, year.year)
        opened, at = moment(year.year, 1, 8), moment(year.year, 2, 20)
        happened = [begun(FiledState.DRAFT, founded.lead.who, opened, "开始填报")]
        if filed:
            happened.append(taken(PLAN, "file", FiledState.DRAFT, founded.lead.who, at))
        due = None if filed else moment(year.year, 4, 1, 0) - timedelta(seconds=1)
        own_year = year.key if kind == PlanKind.ANNUAL else None
        key = self.plans.add(
            *(founded.key, kind, year.term, own_year, content, 3, opened),
            *(happened[-1].target, happened[-1].at, at if filed else None, due),
        )
        self.history.tell(Plan, key, happened)
        if not filed:
            return {}
        self.plan_versions.add(key, 1, content, at)
        items = {}
        for order, task in enumerate(tasks, 1):
            texts = [task[name] for name in ("duty", "task", "starts", "ends", "who", "target", "times")]
            items[task["duty"]] = self.items.add(key, task["key"], order, *texts, task.get("share"))
        return items

    def _activity(
        self,
        place: Place,
        founded: Founded,
        year: Year,
        doing: Doing,
        number: int,
        items: dict[str, int],
        *,
        present: bool,
    ) -> None:
        """One activity, held where its day has come."""
        starts = moment(year.year, doing.month, 1 + founded.key % 27)
        planned, reported = starts - timedelta(days=10), starts + timedelta(days=1)
        held = reported < self.now
        lead = founded.lead.who
        happened = [begun(ActivityState.PLANNED, lead, planned, "安排活动")]
        if held:
            happened.append(taken(ACTIVITY, "hold", ActivityState.PLANNED, lead, reported))
        ends = starts + timedelta(hours=3)
        key = self.activities.add(
            *(founded.key, year.key, items.get(doing.duty), doing.title, doing.duty, doing.form),
            *(founded.school.name, starts, ends, REPORT if held else "", 12 + number if held else None),
            *(happened[-1].target, happened[-1].at, None if held else ends + timedelta(days=7)),
        )
        self.history.tell(Activity, key, happened)
        if doing.duty == Duty.RADIATION:
            school = place.schools[(founded.key * 7 + number) % len(place.schools)]
            self.helped.add(key, school.key)
        if held and present:
            for seat in founded.seats:
                self.attendances.add(key, seat.key, (seat.key + number) % 9 != 0)
            kind = self.history.kind(Activity)
            self.attach(kind, key, "evidence", "case", "活动材料", lead, reported)

    def _output(self, founded: Founded, year: Year, number: int) -> None:
        """One output of the year; the last is public."""
        kind, duty, title = OUTPUTS[number]
        at = moment(year.year, 5 + number, 10)
        if at > self.now:
            return
        lead = founded.lead.who
        happened = [begun(OutputState.RECORDED, lead, at, "登记成果")]
        if number == len(OUTPUTS) - 1:
            happened.append(taken(OUTPUT, "publish", OutputState.RECORDED, lead, at + timedelta(days=2)))
        key = self.outputs.add(
            *(founded.key, year.key, duty, kind, title, founded.lead.name, "city", at.date()),
            *(happened[-1].target, happened[-1].at),
        )
        self.history.tell(Output, key, happened)

    def _advise(self, place: Place, founded: Founded, year: Year, *, answered: bool) -> None:
        """One piece of advice, answered or still to be given to somebody."""
        sent = moment(year.year, 9, 12)
        if sent > self.now:
            return
        lead, officer = founded.lead.who, place.officer
        happened = [
            begun(AdviceState.DRAFT, lead, sent - timedelta(days=3), "起草"),
            taken(ADVICE, "send", AdviceState.DRAFT, lead, sent),
        ]
        if answered:
            later = sent + timedelta(days=4)
            happened.append(taken(ADVICE, "route", AdviceState.SENT, officer, later))
            happened.append(taken(ADVICE, "answer", AdviceState.ROUTED, officer, later + timedelta(days=9)))
        reply = (officer.user, Verdict.ADOPTED, "列入明年校长培训计划。") if answered else (None, "", "")
        key = self.advice.add(
            *(founded.key, year.key, "proposal", "关于建立校长跟岗基地的建议", "建议在各旗县建立跟岗基地。"),
            *(*reply, happened[-1].target, happened[-1].at, sent),
        )
        self.history.tell(Advice, key, happened)

    def _summary(self, founded: Founded, year: Year, *, filed: bool) -> None:
        """The year told, once it is over; before its end a draft."""
        opened, at = moment(year.year, 11, 2), moment(year.year, 12, 20)
        if opened > self.now:
            return
        lead = founded.lead.who
        happened: list[Happened] = [begun(FiledState.DRAFT, lead, opened, "开始填报")]
        if filed:
            happened.append(taken(SUMMARY, "file", FiledState.DRAFT, lead, at))
        due = None if filed else moment(year.year + 1, 1, 1, 0) - timedelta(seconds=1)
        key = self.summaries.add(
            *(year.key, SUMMARY_TEXT if filed else "{}", 2, opened, happened[-1].target),
            *(happened[-1].at, at if filed else None, due),
        )
        self.history.tell(AnnualSummary, key, happened)
        if filed:
            self.summary_versions.add(key, 1, SUMMARY_TEXT, at)

    def _support(self, founded: Founded, year: Year) -> None:
        """The host has confirmed; of the members' schools two of three."""
        asked = moment(year.year, 1, 4)
        places: list[tuple[Any, int | None, bool]] = [(founded.school, None, True)]
        places += [(seat.home, seat.key, seat.key % 3 != 0) for seat in founded.seats]
        for school, membership, confirmed in places:
            host = membership is None
            happened = [begun(PledgeState.OPEN, founded.lead.who, asked, "请学校确认")]
            if confirmed:
                later = asked + timedelta(days=12)
                happened.append(taken(PLEDGE, "confirm", PledgeState.OPEN, school.officer, later))
            given = confirmed and host
            key = self.pledges.add(
                *(year.key, school.key, membership, "综合楼三楼" if given else ""),
                *(Decimal("42.0") if given else None, "减少课时一半" if given else ""),
                *("调课、用车给予方便" if confirmed and not host else "", happened[-1].target),
                *(happened[-1].at, None if confirmed else moment(year.year, 4, 1, 0) - timedelta(seconds=1)),
            )
            self.history.tell(SupportPledge, key, happened)
