"""延期: the dates of a running call are put off, for all or for one authority, never brought forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.timezone import localdate

from accounts.models import Organisation
from applications.dates import NAMES, dates_of, extensions_of, forget_extensions
from applications.effects import locked
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Extension,
    MemberState,
    ProposedMember,
    Review,
    ReviewState,
)
from office.door import Act
from office.flow import Missing, flow_of
from office.words import moment

# What belongs to the whole call and can't be put off for one authority alone.
COMMON = ("check_by", "score_by")
LABELS = {
    "submit_by": "申报截止",
    "school_by": "学校审核截止",
    "authority_by": "推荐截止",
    "check_by": "形式审查截止",
    "score_by": "专家评分截止",
}
# What waits for one of the dates. Whoever mends counts working days of their own.
WAITING = (
    ApplicationState.DRAFT,
    ApplicationState.SCHOOL_REVIEW,
    ApplicationState.AUTHORITY_REVIEW,
    ApplicationState.RECOMMENDED,
)


@dataclass(frozen=True)
class Planned:
    """What the step is to set: for ``whose`` (None: for all) the ``dates`` given, by name; the others stay."""

    whose: Organisation | None
    dates: Mapping[str, datetime]

    def present(self, call: Call) -> dict[str, datetime]:
        """The dates as they are, in their order."""
        own = asdict(dates_of(call, self.whose.pk if self.whose else None))
        return own | {name: getattr(call, name) for name in COMMON}

    def facts(self, call: Call) -> dict[str, Any]:
        """What history keeps: for whom, and each date as it was and as it is."""
        present = self.present(call)
        said = {LABELS[name]: [moment(present[name]), moment(new)] for name, new in self.dates.items()}
        return {"范围": whose_words(self.whose, call)} | said


def whose_words(whose: Organisation | None, call: Call) -> str:
    """全部, 红山区, or 市直 for what the owner itself recommends."""
    if whose is None:
        return "全部"
    return "市直" if whose.pk == call.programme.owner_id else whose.label


def only_later(call: Call, at: datetime) -> Iterator[Missing]:
    """Each date given is later than the present one, and none has passed already."""
    planned: Planned | None = call.planned
    if planned is None or not planned.dates:
        yield Missing("请填写延期后的截止时间", 9, here=True)
        return
    present = planned.present(call)
    for name, new in planned.dates.items():
        if new <= present[name]:
            yield Missing(f"{LABELS[name]}现为{moment(present[name])}，只能延后", 9)
        elif new <= at:
            yield Missing(f"{LABELS[name]}须在现在之后", 9)
    if call.state == CallState.REVIEWING and "submit_by" in planned.dates:
        yield Missing("专家评审已经开始，申报截止不能再延", 9)


def still_in_order(call: Call, at: datetime) -> Iterator[Missing]:
    """No date passes the one that follows it, and the term begins after the last."""
    planned: Planned | None = call.planned
    if planned is None:
        return
    dates = planned.present(call) | dict(planned.dates)
    for (name, earlier), (following, later) in pairwise(dates.items()):
        if later < earlier:
            yield Missing(
                f"{LABELS[name]}（{moment(earlier)}）晚于{LABELS[following]}（{moment(later)}），请一并延后{LABELS[following]}",
                9,
            )
    if call.start_on <= localdate(dates["score_by"]):
        yield Missing(f"专家评分截止须在建设周期起始日（{call.start_on:%Y年%-m月%-d日}）之前", 5)


def put_off(case: Call, act: Act) -> None:
    """The new dates hold, also for what is under way; what has lapsed stays lapsed."""
    planned: Planned = case.planned
    was = _told_of(case, planned)
    dates = planned.present(case) | dict(planned.dates)
    for name in (*COMMON, *(NAMES if planned.whose is None else ())):
        setattr(case, name, dates[name])
    case.due = flow_of(case).due(case, act.at)
    case.save(update_fields=[*NAMES, *COMMON, "due"])
    own: dict[str, Any] = {name: dates[name] for name in NAMES}
    Extension.objects.update_or_create(
        call=case, authority=planned.whose, defaults=own | {"at": act.at, "was": was, "notice": None}
    )
    if planned.whose is None:
        _reach_as_far(case)
    forget_extensions(case)
    _renew_applications(case)
    _renew_members(case)
    _renew_reviews(case)


def _told_of(call: Call, planned: Planned) -> dict[str, Any]:
    """The dates as the last document about them had it: those of an extension that no notice told of are not."""
    before = call.extensions.filter(authority=planned.whose, notice__isnull=True).first()
    return dict(before.was) if before and before.was else dict(planned.present(call))


def _reach_as_far(call: Call) -> None:
    """No authority's own dates stay behind those for all."""
    for row in call.extensions.filter(authority__isnull=False):
        for name in NAMES:
            setattr(row, name, max(getattr(row, name), getattr(call, name)))
        row.save(update_fields=NAMES)


def _renew_applications(call: Call) -> None:
    rows = locked(call.applications.filter(state__in=WAITING))
    for row in rows:
        row.call = call
    _renew(Application, rows)


def _renew_members(call: Call) -> None:
    rows = locked(
        ProposedMember.objects.filter(application__call=call, state=MemberState.PROPOSED).select_related(
            "application"
        )
    )
    for row in rows:
        row.application.call = call
    _renew(ProposedMember, rows)


def _renew_reviews(call: Call) -> None:
    rows = locked(
        Review.objects.filter(application__call=call, state=ReviewState.ASSIGNED).select_related(
            "application"
        )
    )
    for row in rows:
        row.application.call = call
    _renew(Review, rows)


def _renew(model: type[Any], rows: list[Any]) -> None:
    """Write what each is due by now, counted from when it came to where it is."""
    for row in rows:
        row.due = flow_of(row).due(row, row.since)
    model.objects.bulk_update(rows, ["due"], batch_size=500)


def rows_shown(call: Call, authority_id: int | None) -> list[Extension]:
    """The extensions that concern an authority: its own and those for all; for None every one."""
    return [
        row for row in extensions_of(call) if authority_id is None or row.authority_id in (None, authority_id)
    ]
