"""The list of applications: the office's work list, and the principal's own (我的申报)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Count, DecimalField, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.capacity import Capacity
from accounts.chinese import initials_pattern
from accounts.models import Kind, Organisation, Role
from applications import figures, shares
from applications.dates import effective
from applications.flows import APPLICATION, CALL
from applications.models import Application, ApplicationState, Call, CallState
from applications.scopes import STAFF
from office.filters import AuthorityFilter, CaseFilter, OfferedFilter
from office.lists import CaseList, Column
from office.words import moment, score
from programmes.scopes import audited_programmes, owns
from studios.models import Stage

S = ApplicationState


WAITING = (("1", "待我办理"), ("mine", "我负责的"), ("late", "已超期"))


def calls_offered(me: Capacity, at: Any) -> QuerySet[Call, Any]:
    """The calls a list may be narrowed to: those that reach the person's organisation, or that they audit."""
    owners = Organisation.objects.reaching(me.organisation).values("pk")
    concerned = Q(programme__owner__in=owners) | Q(programme__in=audited_programmes(me))
    return CALL.seen(me).filter(concerned).values_list("number", "name")


class ApplicationFilter(CaseFilter):
    """What waits for me, call, county, stage, what a board counts; search by name, school, number, initials of the pinyin."""

    flow = APPLICATION
    call = OfferedFilter(calls_offered, label="批次", field_name="call__number", empty_label="全部")
    county = AuthorityFilter(field_name="authority")
    stage = django_filters.ChoiceFilter(label="学段", choices=Stage.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="状态",
        method="counted_in",
        choices=[
            (heading, [(each.key, each.label) for each in listed]) for heading, listed in figures.OFFERED
        ],
        empty_label="全部",
    )
    waiting = django_filters.ChoiceFilter(method="mine", label="办理", choices=WAITING, empty_label="全部")
    day = django_filters.DateFilter(
        label="提交日期",
        field_name="submitted_at",
        lookup_expr="date",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    search_in = ("studio_name", "number", "lead__name", "school__name")

    def __init__(self, data: Any = None, queryset: Any = None, *, me: Capacity, at: Any) -> None:
        super().__init__(data, queryset, me=me, at=at)
        if me.kind not in (Kind.BUREAU, ""):
            del self.filters["county"]
        if not me.holds(*STAFF, Role.AUDITOR):
            plain = [(each.key, each.label) for each in figures.BY_GROUP]
            self.filters["state"].extra["choices"] = plain
        if not owns(me, Role.OFFICER):
            self.filters["waiting"].extra["choices"] = [each for each in WAITING if each[0] != "mine"]
        if not self.data.get("day"):  # only whoever comes from a board's day asks for one
            del self.filters["day"]
        self.filters["search"] = self.filters.pop("search")
        self.filters["search"].label = "姓名、学校、编号"

    def counted_in(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """The rows that one of the figures of a board counts."""
        return rows.filter(figures.FIGURES[value].condition(self.me))

    def mine(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """The rows that stand on my desk, those I look after, or those past their date."""
        if value == "mine":
            return rows.filter(shares.mine(self.me))
        return rows.filter(figures.overdue(self.at)) if value == "late" else super().mine(rows, name, value)

    def find(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """Each word in one of the columns, or as the initials of the lead or the school."""
        for word in value.split():
            found = Q(*((f"{path}__icontains", word) for path in self.search_in), _connector=Q.OR)
            if word.isascii() and word.isalpha():
                found |= Q(lead__sort_key__regex=initials_pattern(word)) | Q(
                    school__initials__startswith=word.lower()
                )
            rows = rows.filter(found)
        return rows


def with_results(rows: QuerySet[Application], me: Capacity) -> QuerySet[Application]:
    """``rows`` with ``shown_score`` and ``place`` (within call and stage), empty where ``me`` may not know them yet.

    The owner's officer and leader know them as they come, experts never, all others once the call is decided.
    """
    open_to = Q(pk__in=[]) if me.holds(Role.EXPERT) else figures.results_open(me)
    figure = DecimalField(max_digits=5, decimal_places=2)
    shown = Case(When(open_to, then=F("score")), default=Value(None), output_field=figure)
    better = (
        Application.objects.filter(
            call=OuterRef("call"), stage=OuterRef("stage"), score__gt=OuterRef("score")
        )
        .order_by()
        .annotate(ahead=Func(F("pk"), function="COUNT"))
        .values("ahead")
    )
    place = Case(
        When(open_to & Q(score__isnull=False), then=Coalesce(Subquery(better), 0) + 1), default=Value(None)
    )
    return rows.annotate(shown_score=shown, place=place)


class ApplicationList(CaseList):
    """GET: applications as far as the person sees them. A principal finds the own ones and the open calls."""

    flow = APPLICATION
    title = "申报评审"
    batch = ("endorse", "recommend", "accept")
    related = ("call", "lead", "school", "authority")
    deferred = ("content", "lead__identity", "lead__phone")
    filterset_class = ApplicationFilter
    default_sort = "-number"
    columns = (
        Column("number", "编号", lambda row: row.number, ("number",)),
        Column("studio", "拟设工作室", lambda row: row.studio_name, ("lead__sort_key",)),
        Column("lead", "领衔人", lambda row: row.lead.name, page=False),
        Column("school", "依托学校", lambda row: row.school.name, ("school__sort_key",)),
        Column("authority", "旗县区", lambda row: county(row), ("authority__sort_key",)),
        Column("stage", "学段", lambda row: row.get_stage_display(), ("stage",)),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("score", "得分", lambda row: row.shown_score, ("shown_score",), "figure"),
        Column("place", "学段内排名", lambda row: row.place, (), "figure"),
        Column("submitted", "提交时间", lambda row: moment(row.submitted_at), page=False),
        Column("rank", "推荐排序", lambda row: row.rank, page=False),
        Column("call", "批次", lambda row: row.call.name, page=False),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*STAFF, Role.PRINCIPAL, Role.AUDITOR, Role.FINANCE)

    def get_template_names(self) -> list[str]:
        return [
            "applications/mine.html" if self.request.me.holds(Role.PRINCIPAL) else "applications/list.html"
        ]

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: datetime) -> QuerySet[Application]:
        return with_results(super().told(rows, me, at), me)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["batch_steps"] = takeable(context)
        for row in context["page_obj"].object_list:
            row.county = county(row)
            row.score_words = score(row.shown_score)
        if self.request.me.holds(Role.PRINCIPAL):
            context["open_calls"] = open_calls(self.request.me, self.request.at)
        return context


def takeable(context: dict[str, Any]) -> list[dict[str, str]]:
    """The batch steps that can be taken on some row shown: an office that owns no programme has nothing to accept."""
    rows = context["page_obj"].object_list
    return [
        step for step in context["batch_steps"] if any(getattr(row, f"may_{step['name']}") for row in rows)
    ]


def county(row: Application) -> str:
    """The county as lists say it; 市直 where the bureau itself is the authority."""
    return "市直" if row.authority.kind == Kind.BUREAU else row.authority.label


def open_calls(me: Capacity, at: datetime) -> QuerySet[Call]:
    """The calls that take applications of the principal's school at ``at``, with ``until``, the last moment for that
    school, and ``mine``: how many live ones ``me`` has in each.
    """
    owners = me.organisation.reached_by() if me.organisation else set()
    live = Q(applications__lead__user=me.user_id) & ~Q(applications__state__in=S.ended)
    return (
        CALL.seen(me)
        .annotate(until=effective("submit_by", me.organisation.parent_id if me.organisation else None))
        .filter(state=CallState.OPEN, opens_at__lte=at, until__gte=at, programme__owner__in=owners)
        .annotate(mine=Count("applications", filter=live))
        .order_by("until")
    )
