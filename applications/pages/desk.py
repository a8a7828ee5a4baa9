"""On the desk: an authority's quota, the dates of the open calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation, Role
from accounts.statements import Given
from applications.dates import authority_of, dates_of
from applications.models import Application, ApplicationState, Call, CallState, Quota, Review, ReviewState
from applications.scopes import STAFF
from office import calendar, panels
from office.asking import ask
from office.panels import Bar, Panel
from studios.models import Stage


def quota_panel(me: Capacity, at: datetime) -> Panel | None:
    """推荐名额 of the open call: used and all, altogether and by stage. For an authority's officer and leader."""
    if not (me.holds(*STAFF) and me.kind in (Kind.COUNTY, Kind.BUREAU)):
        return None
    call = next((call for call in running_calls(me) if call.state == CallState.OPEN), None)
    if call is None:
        return None
    limits, used = _limits_and_used(call, me, at)
    if call.county_quota is not None and me.organisation_id != call.programme.owner_id:
        limits.setdefault("", call.county_quota)
    bars = [_bar("已推荐", sum(used.values()), limits.get(""))]
    bars += [
        _bar(label, used.get(stage, 0), limits.get(stage))
        for stage, label in Stage.choices
        if _said(stage, used, limits)
    ]
    return Panel(
        "推荐名额", tuple(bars), note=call.name, url=f"{reverse('application-list')}?call={call.number}"
    )


def _limits_and_used(call: Call, me: Capacity, at: datetime) -> tuple[dict[str, int], dict[str, int]]:
    """By stage: how many the authority may recommend ("" of all together) and how many it has; one query."""
    found: dict[str, dict[str, int]] = {"limit": {}, "used": {}}
    for kind, stage, number in ask(_numbers, me, at, call=call.pk):
        found[kind][stage] = number
    return found["limit"], found["used"]


def _numbers(me: Capacity, at: datetime) -> QuerySet[Quota, Any]:
    """Quotas and recommendations of the authority in the ``call`` given: which of them, stage, number."""
    mine = {"call": Given("call"), "authority": me.organisation_id}
    recommended = Application.objects.filter(recommended_at__isnull=False, **mine)
    held = recommended.exclude(state__in=ApplicationState.freed).order_by().values("stage")
    return (
        Quota.objects.filter(**mine)
        .values_list(Value("limit"), "stage", "number")
        .union(held.annotate(number=Count("pk")).values_list(Value("used"), "stage", "number"), all=True)
    )


def running_calls(me: Capacity) -> list[Call]:
    """The running calls that reach the person's organisation, for an expert those with something to judge.

    The first to end is first. Read once for each appointment that was read: what the desk shows of them is asked
    of these.
    """
    if me.appointment is None:
        return []
    kept: dict[str, list[Call]] = me.appointment.__dict__
    if "running_calls" not in kept:
        kept["running_calls"] = ask(_running, me, None)
    return kept["running_calls"]


def _running(me: Capacity, at: Any) -> QuerySet[Call]:
    calls = _calls_of(me).filter(state__in=CallState.running).select_related("programme")
    return calls.prefetch_related("extensions").order_by("submit_by", "pk")


def _calls_of(me: Capacity) -> QuerySet[Call]:
    if me.holds(Role.EXPERT):
        mine = Review.objects.filter(expert__user=me.user_id, state__in=ReviewState.counting)
        return Call.objects.filter(pk__in=mine.values("application__call"))
    reaching = Organisation.objects.reaching(me.organisation).values("pk")
    return Call.objects.filter(programme__owner__in=reaching)


def _said(stage: str, used: dict[str, int], limits: dict[str, int]) -> bool:
    return stage in used or limits.get(stage) is not None


def _bar(label: str, used: int, limit: int | None) -> Bar:
    if limit is None:
        return Bar(label, used, max(used, 1), f"{used}（不限名额）")
    return Bar(label, used, max(limit, 1), f"{used} / {limit}")


def call_dates(me: Capacity, at: datetime) -> Iterator[tuple[date, str, str]]:
    """The dates of open and reviewing calls that concern the role."""
    columns = _dates_of(me)
    if not columns:
        return
    for call in running_calls(me):
        if call.state not in (CallState.OPEN, CallState.REVIEWING):
            continue
        own = asdict(dates_of(call, authority_of(me, call.programme.owner_id)))
        for column, words in columns:
            day = localdate(own.get(column) or getattr(call, column))
            yield day, f"{call.name}：{words}", call.get_absolute_url()


def _dates_of(me: Capacity) -> tuple[tuple[str, str], ...]:
    if me.holds(Role.PRINCIPAL):
        return (("submit_by", "申报截止"),)
    if me.holds(Role.EXPERT):
        return (("score_by", "评分截止"),)
    if not me.holds(*STAFF):
        return ()
    by_kind = {
        Kind.SCHOOL: (("submit_by", "申报截止"), ("school_by", "学校审核截止")),
        Kind.COUNTY: (("school_by", "学校审核截止"), ("authority_by", "推荐截止")),
        Kind.BUREAU: (
            ("submit_by", "申报截止"),
            ("authority_by", "推荐截止"),
            ("check_by", "形式审查截止"),
            ("score_by", "专家评分截止"),
        ),
    }
    return by_kind.get(Kind(me.kind), ())


panels.register(quota_panel)
calendar.register(call_dates)
