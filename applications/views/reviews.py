"""The expert's reviews as a list: what is to be scored, by when, how far it is."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications import sheets
from applications.flows import REVIEW
from applications.models import Expert, Review, ReviewState
from applications.scopes import STAFF
from applications.views.lists import calls_offered, takeable
from evaluations.models import Indicator
from office.filters import OfferedFilter, RowFilter
from office.lists import CaseList, Column
from studios.models import Stage

COUNTING, LATE = "counting", "late"


class ReviewFilter(RowFilter):
    """Call, expert (for the owner), stage, state; search by studio, number, lead."""

    search_in = ("application__studio_name", "application__number", "application__lead__name")
    call = OfferedFilter(
        calls_offered, label="批次", field_name="application__call__number", empty_label="全部"
    )
    expert = django_filters.ModelChoiceFilter(
        label="专家", queryset=Expert.objects.none(), empty_label="全部"
    )
    stage = django_filters.ChoiceFilter(
        field_name="application__stage", label="学段", choices=Stage.choices, empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        method="in_state",
        choices=[*ReviewState.choices, (COUNTING, "应评（待评分和已提交）"), (LATE, "逾期未提交")],
        empty_label="全部",
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def __init__(self, data: Any = None, queryset: Any = None, *, me: Capacity, at: Any) -> None:
        super().__init__(data, queryset, me=me, at=at)
        if me.holds(*STAFF):
            mine = REVIEW.seen(me).values("expert")
            self.filters["expert"].queryset = Expert.objects.filter(pk__in=mine).select_related("user")  # type: ignore[attr-defined]
        else:
            del self.filters["expert"]

    def in_state(self, rows: QuerySet[Review], name: str, value: str) -> QuerySet[Review]:
        """The rows in a state, or those that count, or those that should be in by now."""
        if value == COUNTING:
            return rows.filter(state__in=ReviewState.counting)
        if value == LATE:
            return rows.filter(state=ReviewState.ASSIGNED, application__call__score_by__lt=self.at)
        return rows.filter(state=value)


def progress_words(review: Any) -> str:
    """How many of the sheet's indicators have a score."""
    return f"{review.scored} / {review.leaves or 0}"


def total_shown(review: Any) -> Any:
    """The total once the sheet is submitted."""
    return review.total if review.state == ReviewState.SUBMITTED else None


class ReviewList(CaseList):
    """Reviews with how far each sheet is: 我的评审 for an expert, for the owner's staff all of its calls."""

    flow = REVIEW
    related = ("application__call", "application__school", "application__lead", "expert__user")
    title = "专家评审"
    filterset_class = ReviewFilter
    batch = ("submit",)
    default_sort = "due"
    columns = (
        Column(
            "studio", "拟设工作室", lambda row: row.application.studio_name, ("application__studio_name",)
        ),
        Column("number", "申报编号", lambda row: row.application.number, page=False),
        Column("expert", "专家", lambda row: str(row.expert), ("expert__user__sort_key",)),
        Column("stage", "学段", lambda row: row.application.get_stage_display(), ("application__stage",)),
        Column("call", "批次", lambda row: row.application.call.name),
        Column("progress", "已评", progress_words, ("scored",), "figure"),
        Column("total", "总分", total_shown, ("total",), "figure"),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("due", "截止", lambda row: row.application.call.score_by, ("deadline",)),
    )

    def get_template_names(self) -> list[str]:
        return [
            "applications/reviews.html"
            if self.request.me.holds(Role.EXPERT)
            else "applications/reviews_all.html"
        ]

    def open_to(self, me: Capacity) -> bool:
        return me.holds(Role.EXPERT) or (me.holds(*STAFF) and me.kind in (Kind.BUREAU, Kind.COUNTY))

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        leaves = (
            Indicator.objects.filter(rubric=OuterRef("application__call__rubric"), parent__isnull=False)
            .order_by()
            .values("rubric")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return (
            super()
            .told(rows, me, at)
            .annotate(
                scored=Count("scores", filter=Q(scores__points__isnull=False)),
                leaves=Coalesce(Subquery(leaves, output_field=IntegerField()), 0),
                deadline=F("application__call__score_by"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.request.me.holds(Role.EXPERT):
            return context
        context["columns"] = [column for column in context["columns"] if column.key != "expert"]
        for row in context["page_obj"].object_list:
            row.choosable = row.choosable and row.scored == row.leaves
        return context | {
            "batch_steps": takeable(context),
            "title": "我的评审",
            **waiting_of(self.request.me),
        }


def waiting_of(me: Capacity) -> dict[str, int]:
    """How many sheets of ``me`` are in, of how many; one query."""
    return own_counting(me).aggregate(
        sheets=Count("pk"), sheets_in=Count("pk", filter=Q(state=ReviewState.SUBMITTED))
    )


def own_counting(me: Capacity) -> QuerySet[Review]:
    """The reviews that ``me`` gives or gave."""
    return sheets.own(me).filter(state__in=ReviewState.counting)
