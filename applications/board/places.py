"""Applications by county and stage, against the places."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from accounts.models import Kind
from applications import figures
from applications.board.scope import Scope
from applications.call_forms import authorities_of, row_label
from applications.models import Call
from office.boards import Cell, Part, Row
from studios.models import Stage


def places(scope: Scope) -> Part:
    """By county and stage: how many were sent, how many hold a place, of how many."""
    call = scope.call
    called = [stage for stage in Stage.values if stage in _called(call)]
    held = _by_place(scope)
    limits = {(row.authority_id, row.stage): row.number for row in call.quotas.all()}
    owner = call.programme.owner
    shown = [each for each in authorities_of(call) if scope.owned or each.pk == scope.me.organisation_id]
    rows = [
        Row(
            row_label(each, owner),
            _place_cells(
                scope, called, held, {stage: limits.get((each.pk, stage)) for stage in called}, each.pk
            )
            + _all_cells(
                scope,
                held,
                limits.get((each.pk, ""), None if each.pk == owner.pk else call.county_quota),
                each.pk,
            ),
        )
        for each in shown
    ]
    if len(rows) > 1:
        cells = _place_cells(scope, called, held, {}, None) + _all_cells(scope, held, None, None)
        rows.append(Row("合计", cells, total=True))
    heads = [f"{Stage(stage).label}{what}" for stage in called for what in ("申报", "推荐")]
    return Part(
        "places",
        "旗县区和学段",
        ("旗县区", *heads, "申报合计", "推荐合计"),
        tuple(rows),
        note="推荐为占用名额的份数，斜线后是名额；没有斜线的不限名额。",
    )


def _called(call: Call) -> set[str]:
    return {row.stage for row in call.places.all() if row.number}


def _by_place(scope: Scope) -> dict[tuple[int, str], tuple[int, int]]:
    """(authority, stage) → sent, holding a place."""
    sent = Q(submitted_at__isnull=False)
    found = (
        scope.rows.order_by()
        .values_list("authority", "stage")
        .annotate(
            sent=Count("pk", filter=sent),
            placed=Count("pk", filter=figures.PLACED.condition(scope.me)),
        )
    )
    return {(authority, stage): (sent, placed) for authority, stage, sent, placed in found}


def _place_cells(
    scope: Scope,
    called: list[str],
    held: dict[tuple[int, str], tuple[int, int]],
    limits: dict[str, int | None],
    authority: int | None,
) -> tuple[Cell, ...]:
    """Two cells for each stage, of one authority or (None) of all."""
    return tuple(cell for stage in called for cell in _pair(scope, held, limits.get(stage), authority, stage))


def _all_cells(
    scope: Scope, held: dict[tuple[int, str], tuple[int, int]], limit: int | None, authority: int | None
) -> tuple[Cell, ...]:
    return _pair(scope, held, limit, authority, "")


def _pair(
    scope: Scope,
    held: dict[tuple[int, str], tuple[int, int]],
    limit: int | None,
    authority: int | None,
    stage: str,
) -> tuple[Cell, Cell]:
    """What was sent and what holds a place, of an authority (None: all) and a stage ("": all)."""
    counted = [pair for (whose, of), pair in held.items() if authority in (None, whose) and stage in ("", of)]
    sent, placed = sum(pair[0] for pair in counted), sum(pair[1] for pair in counted)
    county = authority if scope.me.kind == Kind.BUREAU else None
    where: dict[str, Any] = {"county": county, "stage": stage}
    text = "" if limit is None else f"{placed} / {limit}"
    url = scope.url(state=figures.PLACED.key, **where) if placed else ""
    return scope.cell(sent, state="to-submitted", **where), Cell(placed, url, text)
