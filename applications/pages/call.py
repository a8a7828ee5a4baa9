"""The case page of a call: dates, places and quotas, materials, notice; for its owner panels, progress, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications import progress, results
from applications.call_forms import authorities_of, row_label
from applications.dates import authority_of, dates_of
from applications.extending import rows_shown, whose_words
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Extension,
    Material,
    PanelSeat,
)
from applications.panels import JUDGED
from applications.papers_shown import paper_context
from applications.scopes import STAFF
from applications.summaries import readable
from evaluations.models import Indicator
from office.materials import materials
from office.pages import CasePage, Link, Tab, register
from office.views.way import Stop
from office.words import moment
from studios.models import Stage

DATES = (
    ("opens_at", "申报开始"),
    ("submit_by", "申报截止"),
    ("school_by", "学校审核截止"),
    ("authority_by", "推荐截止"),
    ("check_by", "形式审查截止"),
    ("score_by", "专家评分截止"),
)
ALWAYS_SHOWN = 2


def _owns(case: Call, me: Capacity) -> bool:
    return me.holds(*STAFF) and bool(case.programme.owner_id == me.organisation_id)


def _dates(case: Call, me: Capacity, at: datetime) -> list[Stop]:
    """The dates that concern the reader as a line: past, next, ahead."""
    kinds = {Kind.COUNTY: 4, Kind.SCHOOL: 3}
    shown = (
        DATES
        if _owns(case, me)
        else DATES[: kinds.get(Kind(me.kind), ALWAYS_SHOWN) if me.kind else ALWAYS_SHOWN]
    )
    own = asdict(dates_of(case, authority_of(me, case.programme.owner_id)))
    when = {name: own.get(name) or getattr(case, name) for name, _ in shown}
    past = [when[name] < at for name, _ in shown]
    now = past.index(False) if False in past else -1
    return [
        Stop(
            label,
            "done" if past[place] else "now" if place == now else "ahead",
            when=moment(when[name]),
        )
        for place, (name, label) in enumerate(shown)
    ]


def _overview(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    places = dict(case.places.values_list("stage", "number"))
    extensions = _extensions(case, me)  # read first, so that the dates need not be asked for
    return {
        "dates": _dates(case, me, at),
        "places": [(Stage(stage).label, places[stage]) for stage in Stage.values if places.get(stage)],
        "places_total": sum(places.values()),
        "quotas": _quotas(case, me) if me.holds(*STAFF) else [],
        "stage_labels": Stage.labels,
        "owned": _owns(case, me),
        "may_apply": me.holds(Role.PRINCIPAL)
        and case.state == CallState.OPEN
        and case.opens_at <= at <= dates_of(case, authority_of(me, case.programme.owner_id)).submit_by,
        "extensions": extensions,
        "summaries": [
            (label, reverse("call-table", args=[case.number, name])) for name, label in readable(case, me)
        ],
        "apply_url": reverse("call-apply", args=[case.number]),
        "facts": _facts(case) if _owns(case, me) else [],
    }


def _extensions(case: Call, me: Capacity) -> list[tuple[str, Extension]]:
    """What was put off, for whom; others than the owner read what concerns them."""
    rows = rows_shown(case, authority_of(me, case.programme.owner_id))
    return [(whose_words(row.authority, case), row) for row in rows]


def _facts(case: Call) -> list[dict[str, Any]]:
    trim = "五份及以上去掉最高分和最低分" if case.trim_scores else "取全部评分的平均分"
    return [
        {"label": "建设周期", "value": f"{case.start_on:%Y年%-m月%-d日}起 {case.programme.term_years} 年"},
        {
            "label": "评审组",
            "value": f"每学段 {case.panel_size} 名，有效评审至少 {case.valid_reviews_min} 份",
        },
        {"label": "计分", "value": trim},
        {"label": "分数线", "value": f"{case.application_line.normalize():f} 分"},
        {"label": "公示期", "value": f"{case.publicity_days} 个工作日"},
        {"label": "评分标准", "value": str(case.rubric) if case.rubric else "尚未选定"},
    ]


def _quotas(case: Call, me: Capacity) -> list[tuple[str, list[str]]]:
    """Per authority: what is used of what it has, altogether and by stage. The owner sees all, others their own."""
    limits = {(row.authority_id, row.stage): row.number for row in case.quotas.all()}
    held = (
        Application.objects.filter(call=case, recommended_at__isnull=False)
        .exclude(state__in=ApplicationState.freed)
        .values_list("authority", "stage")
        .annotate(number=Count("pk"))
        .order_by()
    )
    used = {(authority, stage): number for authority, stage, number in held}
    owner = case.programme.owner
    shown = [each for each in authorities_of(case) if _owns(case, me) or each.pk == me.organisation_id]
    rows = []
    for each in shown:
        common = None if each.pk == owner.pk else case.county_quota
        total = sum(number for (authority, _), number in used.items() if authority == each.pk)
        cells = [_used(total, limits.get((each.pk, ""), common))]
        cells += [
            _used(used.get((each.pk, stage), 0), limits.get((each.pk, stage))) for stage in Stage.values
        ]
        rows.append((row_label(each, owner), cells))
    return rows


def _used(used: int, limit: int | None) -> str:
    return f"{used}" if limit is None else f"{used} / {limit}"


def _materials(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    listed = list(case.materials.all())
    indicators = list(Indicator.objects.filter(rubric=case.rubric_id).order_by("order", "pk"))
    groups = [
        {
            "label": group.label,
            "points": sum(item.points for item in items),
            "items": items,
        }
        for group in indicators
        if group.parent_id is None
        for items in [[item for item in indicators if item.parent_id == group.pk]]
    ]
    return {
        "asked": [(by.label, [row for row in listed if row.by == by]) for by in Material.By],
        "groups": groups,
        "total": sum(item.points for item in indicators),
        "rubric": case.rubric,
    }


def _paper(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    preview = reverse("call-notice", args=[case.number]) if _owns(case, me) else ""
    return paper_context(case, preview)


def _panels(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    seats = list(PanelSeat.objects.filter(panel__call=case).select_related("expert__user", "panel"))
    counts = dict(
        case.applications.filter(state__in=JUDGED)
        .values_list("stage")
        .annotate(number=Count("pk"))
        .order_by()
    )
    called = set(case.places.values_list("stage", flat=True))
    rows = [
        (
            label,
            reverse("call-panel", args=[case.number, stage]),
            [seat for seat in seats if seat.panel.stage == stage],
            counts.get(stage, 0),
        )
        for stage, label in Stage.choices
        if stage in called or stage in counts or any(seat.panel.stage == stage for seat in seats)
    ]
    return {"panels": rows, "call": case}


def _progress(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    reviews = progress.reviews_of(case)
    loads = progress.loads(reviews, case, at)
    rows = progress.judged(reviews, case, at)
    return {
        "call": case,
        "done": sum(load.done for load in loads),
        "of": sum(load.of for load in loads),
        "experts": len(loads),
        "late": [load.expert for load in loads if load.late],
        "wide": [row.application for row in rows if row.wide],
        "short": [row.application for row in rows if row.short] if reviews else [],
        "applications": len(rows),
    }


def _results(case: Call, me: Capacity, at: datetime) -> dict[str, Any]:
    back = f"{case.get_absolute_url()}?tab=results"
    return {"call": case, "lists": results.ranking(case), "materials": materials(case, me, back)}


def _actions(case: Call, me: Capacity, at: datetime) -> Sequence[Link]:
    if not _owns(case, me):
        return ()
    links = [Link("分工", reverse("call-division", args=[case.number]))]
    if case.state != CallState.DRAFT:
        links.append(Link("看板", f"{reverse('call-board')}?call={case.number}"))
    if me.holds(Role.OFFICER) and getattr(case, "may_supplement", False):
        links.append(Link("印发延期通知", reverse("call-supplement", args=[case.number]), "primary"))
    if me.holds(Role.OFFICER) and case.state == CallState.DRAFT:
        links.append(Link("修改批次", reverse("call-edit", args=[case.number])))
    return links


def _crumbs(case: Call, me: Capacity) -> Sequence[Link]:
    return [Link("申报批次", reverse("call-list"))]


def _reviewed(case: Call, me: Capacity) -> bool:
    return _owns(case, me) and case.state not in (CallState.DRAFT, CallState.OPEN)


# Whom a call waits for while nobody can take a step on it.
AWAITED = {
    CallState.REVIEWING: "评审专家和审定名单的领导",
    CallState.DECIDED: "拟定公示的经办人",
    CallState.PUBLICITY: "公示期满后由经办人",
}

register(
    CasePage(
        "call",
        subtitle=lambda case: case.programme.name,
        holder=lambda case: AWAITED.get(CallState(case.state), ""),
        tabs=(
            Tab("overview", "概况", "applications/call_overview.html", context=_overview),
            Tab("materials", "材料与评分标准", "applications/call_materials.html", context=_materials),
            Tab("notice", "通知", "applications/paper.html", context=_paper),
            Tab("panels", "评审组", "applications/call_panels.html", context=_panels, visible=_owns),
            Tab(
                "progress",
                "评审进度",
                "applications/call_progress.html",
                context=_progress,
                visible=_reviewed,
            ),
            Tab(
                "results",
                "结果与名单",
                "applications/call_results.html",
                context=_results,
                visible=_reviewed,
                scripts=("js/upload.js",),
            ),
        ),
        history=_owns,
        owner=lambda case: case.programme.owner_id,
        related=("programme__owner", "programme__measures", "rubric"),
        crumbs=_crumbs,
        actions=_actions,
    )
)
