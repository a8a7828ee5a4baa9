"""What must hold for a change of a studio's fortune: asked when it is proposed, and again when it is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Kind, Organisation, Principal
from office.flow import Missing
from studios.models import (
    Bar,
    ChangeKind,
    ChangeState,
    Membership,
    MembershipState,
    Studio,
    StudioChange,
    StudioState,
)

BETWEEN = timedelta(days=30)


def may_be(change: StudioChange, at: datetime) -> Iterator[Missing]:
    """The studio goes on, and what the kind of the change asks for is given."""
    studio = change.studio
    if studio.state not in StudioState.live:
        yield Missing(f"工作室{studio.get_state_display()}，不再办理变更")
    else:
        yield from RULES[change.kind](change, timezone.localdate(at))


def _relocation(change: StudioChange, today: date) -> Iterator[Missing]:
    school, studio = change.school, change.studio
    if school is None:
        return
    if school.pk == studio.school_id:
        yield Missing(f"{school}就是现在的依托学校", 5)
    yield from _a_school_of(school, studio, today)
    if school.pk != studio.lead.school_id and not change.exception.strip():
        yield Missing(
            f"工作室一般依托领衔校长所在学校（现为{studio.lead.school}）设立，请说明例外理由",
            5,
        )


def _a_school_of(school: Organisation, studio: Studio, today: date) -> Iterator[Missing]:
    merged = school.succeeded_on is not None and school.succeeded_on <= today
    if school.kind != Kind.SCHOOL or merged or studio.programme.owner_id not in school.reached_by():
        yield Missing(f"{school}不是本项目范围内的学校", 5)


def _successor(change: StudioChange, today: date) -> Iterator[Missing]:
    """Art. 6(1): a head, with the title or a reason; Art. 18: not barred; Art. 5: at the studio's school or a reason."""
    person, studio = change.lead, change.studio
    if person is None:
        return
    yield from _free(person, studio)
    if not person.head:
        yield Missing(f"领衔人须为正职校长（园长），{person.name}现任职务不是正职", 6)
    reason = change.exception.strip()
    if not person.famous and not reason:
        yield Missing(f"{person.name}没有“市级名校长”称号，请说明例外理由", 6)
    if person.school_id != studio.school_id and not reason:
        yield Missing(f"{person.name}不在依托学校任职，请说明例外理由，或同时办理变更依托学校", 5)
    if bar := Bar.objects.filter(
        programme=studio.programme_id, principal=person, starts__lte=today, until__gte=today
    ).first():
        yield Missing(f"{bar.ground}，至{bar.until:%Y年%-m月%-d日}前不列为建设对象", 18)


def _free(person: Principal, studio: Studio) -> Iterator[Missing]:
    """Not the lead of this studio, nor lead or member of another."""
    if studio.programme.owner_id not in person.school.reached_by():
        yield Missing(f"{person.name}所在学校不在本项目范围内", 6)
    if person.pk == studio.lead_id:
        yield Missing(f"{person.name}就是现在的领衔人", 6)
    others = Studio.objects.filter(state__in=StudioState.live).exclude(pk=studio.pk)
    if led := others.filter(lead=person).first():
        yield Missing(f"{person.name}已领衔{led}", 6)
    seats = Membership.objects.filter(
        Q(studio__in=others), principal=person, state__in=MembershipState.held
    ).select_related("studio")
    if seat := seats.first():
        yield Missing(f"{person.name}是{seat.studio}的成员，须先退出", 6)


def _acting(change: StudioChange, today: date) -> Iterator[Missing]:
    person, studio = change.lead, change.studio
    if person is None or change.until is None:
        return
    yield from _free(person, studio)
    most = studio.programme.acting_lead_days
    before = acted_before(studio, today)
    last = today + timedelta(days=most - before)
    if change.until < today:
        yield Missing("代理的截止日期已过")
    elif before and last <= today:
        yield Missing(f"前后相接的代理合计已满 {most} 天，请更换领衔人")
    elif change.until > last:
        counted = f"，此前相接的代理已有 {before} 天" if before else ""
        yield Missing(f"代理领衔最长 {most} 天{counted}，至{last:%Y年%-m月%-d日}")
    if studio.acting_until and studio.acting_until >= today:
        yield Missing(
            f"{studio.acting_lead}正在代理领衔，至{studio.acting_until:%Y年%-m月%-d日}；逾期请更换领衔人"
        )


def acted_before(studio: Studio, today: date) -> int:
    """The days of acting that lead up to ``today``: terms that follow each other count together.

    They do when the lead was back for less than BETWEEN in the meantime; a new lead begins anew.
    """
    decided = StudioChange.objects.filter(studio=studio, state=ChangeState.DECIDED)
    terms = decided.filter(kind=ChangeKind.ACTING, until__isnull=False)
    if replaced := decided.filter(kind=ChangeKind.LEAD).order_by("-since").first():
        terms = terms.filter(since__gt=replaced.since)
    days, begun = 0, today
    for since, until in terms.order_by("-until").values_list("since", "until"):
        if until is None or until < begun - BETWEEN:
            break
        begun = timezone.localdate(since)
        days += (until - begun).days
    return days


def _extension(change: StudioChange, today: date) -> Iterator[Missing]:
    studio = change.studio
    if studio.state != StudioState.PREPARING:
        yield Missing(f"工作室{studio.get_state_display()}，不需要延长组建期", 6)
    elif change.until and change.until <= max(today, studio.prepare_by or today):
        yield Missing("新的组建期限须晚于今天和原来的期限", 6)


def _closing(change: StudioChange, today: date) -> Iterator[Missing]:
    """Nothing stands against closing a living studio."""
    return iter(())


RULES: dict[str, Callable[[StudioChange, date], Iterator[Missing]]] = {
    ChangeKind.RELOCATE: _relocation,
    ChangeKind.LEAD: _successor,
    ChangeKind.ACTING: _acting,
    ChangeKind.EXTEND: _extension,
    ChangeKind.CLOSE: _closing,
}


def declared(change: StudioChange, at: datetime) -> Iterator[Missing]:
    """Art. 6(1): a new lead says how each of the three conditions is met."""
    if change.kind == ChangeKind.LEAD and not change.declaration.strip():
        yield Missing("请对照第六条的三项条件逐项说明", 6, here=True)


def studio_and_successor(pk: int) -> list[QuerySet[Any]]:
    """The studio that changes, then the person who leads one studio only."""
    named = StudioChange.objects.filter(pk=pk)
    return [
        Studio.objects.filter(pk__in=named.values("studio")),
        Principal.objects.filter(pk__in=named.values("lead")),
    ]
