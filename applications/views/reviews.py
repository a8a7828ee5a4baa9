"""The expert's side: my reviews, the score sheet, its saving cell by cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications import sheets
from applications.files import material_context
from applications.flows import CALL, REVIEW
from applications.members import listed
from applications.models import Call, Expert, Review, ReviewState
from applications.reading import parts
from applications.scopes import STAFF
from applications.sheets import Cell
from applications.views.lists import takeable
from evaluations.models import Indicator
from office.lists import CaseList, Column, RowFilter
from office.requests import Request
from office.templatetags.office import clock, points
from office.views.offers import WRITTEN
from studios.models import Stage

RELATED = (
    "application__call__programme__owner",
    "application__lead",
    "application__school__parent",
    "application__authority",
)


COUNTING, LATE = "counting", "late"


class ReviewFilter(RowFilter):
    """Call, expert (for the owner), stage, state; search by studio, number, lead."""

    search_in = ("application__studio_name", "application__number", "application__lead__name")
    call = django_filters.ModelChoiceFilter(
        label="批次",
        field_name="application__call",
        queryset=Call.objects.none(),
        to_field_name="number",
        empty_label="全部",
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
        self.filters["call"].queryset = CALL.seen(me)  # type: ignore[attr-defined]
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

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        leaves = (
            Indicator.objects.filter(rubric=OuterRef("application__call__rubric"), parent__isnull=False)
            .order_by()
            .values("rubric")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return (
            super()
            .rows(me, at)
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


def own_review(request: Request, pk: int) -> Any:
    """The expert's own review: Http404 not visible, PermissionDenied for the owner's people, who only read it."""
    review = REVIEW.seen(request.me).select_related(*RELATED).filter(pk=pk).first()
    if review is None:
        raise Http404("没有这项评审，或者不在您的查看范围内。")
    if not (request.me.holds(Role.EXPERT)):
        raise PermissionDenied("评分表由专家本人填写，评分情况在评审页查看。")
    return review


class SheetPage(LoginRequiredMixin, View):
    """The score sheet beside the application. POST keeps the whole sheet: 422 what is wrong, 409 when it is locked."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        return sheet_page(request, own_review(request, pk))

    def post(self, request: Request, pk: int) -> HttpResponse:
        review = own_review(request, pk)
        cells, typed = sent_cells(request, review)
        comment, problem = sent_comment(request)
        columns = {} if problem else {"comment": comment, "veto": "veto" in request.POST}
        try:
            sheets.keep(pk, cells, request.at, **columns)
        except sheets.Locked:
            messages.error(request, sheets.LOCKED)
            return sheet_page(request, own_review(request, pk), status=409)
        wrong = [error for *_, error in typed.values() if error] + ([problem] if problem else [])
        if wrong:
            messages.error(request, f"{len(wrong)} 处没有保存，请按提示修改；其余的已保存。")
            review = own_review(request, pk)
            review.comment = comment
            return sheet_page(request, review, typed, problem, 422)
        messages.success(request, "已保存。")
        beside = neighbours(request, review)
        onward = beside["next_url"] if "onward" in request.POST else ""
        return redirect(onward or reverse("review-sheet", args=[pk]))


def neighbours(request: Request, review: Review) -> dict[str, Any]:
    """The expert's other sheets of the same call, by number: the ones beside it, how many are in; one query.

    ``onward_url`` is the next that is not in yet, from here on and then from the first.
    """
    own = own_counting(request.me).filter(application__call=review.application.call_id)
    rows = list(own.order_by("application__number", "pk").values_list("pk", "state"))
    keys = [pk for pk, _ in rows]
    if review.pk not in keys:
        return {"next_url": "", "previous_url": "", "onward_url": "", "place": 0, "sheets": len(keys)}
    at = keys.index(review.pk)
    open_ = [pk for pk, state in rows[at + 1 :] + rows[:at] if state == ReviewState.ASSIGNED]

    def url(found: list[int]) -> str:
        return reverse("review-sheet", args=[found[0]]) if found else ""

    return {
        "previous_url": url(keys[at - 1 : at] if at else []),
        "next_url": url(keys[at + 1 : at + 2]),
        "onward_url": url(open_) or reverse("review-list"),
        "place": at + 1,
        "sheets": len(keys),
        "sheets_in": sum(state == ReviewState.SUBMITTED for _, state in rows),
    }


def sent_cells(request: Request, review: Review) -> tuple[list[Cell], dict[int, tuple[str, str, str]]]:
    """The cells that can be kept, and all as typed with what is wrong: (score, reason, error) by indicator."""
    cells, typed = [], {}
    leaves = Indicator.objects.filter(rubric=review.application.call.rubric_id, parent__isnull=False)
    for leaf in leaves:
        score, reason = request.POST.get(f"score-{leaf.pk}"), request.POST.get(f"reason-{leaf.pk}", "")
        if score is None:
            continue
        try:
            cells.append(sheets.read(leaf, score, reason))
        except sheets.Unfit as error:
            typed[leaf.pk] = (score, reason, str(error))
    return cells, typed


def sent_comment(request: Request) -> tuple[str, str]:
    """The comment as sent, and what is wrong with it."""
    comment = request.POST.get("comment", "").replace("\r\n", "\n").strip()
    limit = sheets.COMMENT_LIMIT
    return comment, f"评审意见最多 {limit} 字，现有 {len(comment)} 字，请修改。" if len(
        comment
    ) > limit else ""


def sheet_page(
    request: Request,
    review: Any,
    typed: dict[int, tuple[str, str, str]] | None = None,
    comment_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """patterns/sheet.html of a review with its application beside it."""
    application = review.application
    prefetch_related_objects([review], "scores")
    found = sheets.groups(review, lambda leaf: reverse("review-cell", args=[review.pk, leaf]), typed)
    items = [item for group in found for item in group.items]
    done = sum(item.score is not None for item in items)
    opened = sheets.is_open(review)
    programme = application.call.programme
    context = {
        "review": review,
        "application": application,
        "sheet_title": application.studio_name,
        "sheet_crumbs": [
            {"label": "我的评审", "url": reverse("review-list")},
            {"label": application.call.name, "url": review.get_absolute_url()},
        ],
        "state_label": review.get_state_display(),
        "state_tone": REVIEW.tones.get(review.state, "grey"),
        "subtitle": f"{application.school.name} · {application.get_stage_display()} · 领衔人 {application.lead.name}",
        "deadline": application.call.score_by,
        "at": request.at,
        "saved_at": review.saved_at,
        "locked": not opened,
        "groups": found,
        "has_self": False,
        "total": sum((item.score for item in items if item.score is not None), 0),
        "maximum": points(sum((item.points for item in items), Decimal(0))),
        "done": done,
        "of": len(items),
        "left": len(items) - done,
        "reason_hint": "低于六成须写明理由",
        "material_template": "applications/sheet_material.html",
        "parts": parts(application, request.me),
        "members": listed(application, request.at),
        "least": programme.members_min,
        "most": programme.members_max,
        "case": application,
        "material": material_context(application, request.me),
        "submit_url": reverse("step-review", args=[review.pk, "submit"]) if opened else "",
        "submit_confirm": "提交后评分和意见锁定，不能再修改；还有未评的，会列出并留在本表。",
        "back_url": reverse("review-list"),
        "comment_url": reverse("review-comment", args=[review.pk]),
        "comment_error": comment_error,
        **neighbours(request, review),
        "missing": _missing(review, request) if opened and done == len(items) else [],
    }
    return render(request, "applications/sheet.html", context, status=status)


def _missing(review: Review, request: Request) -> list[str]:
    """What submitting still lacks, once all is scored."""
    return [lack.sentence for lack in REVIEW.step("submit").missing(review, request.at, WRITTEN)]


def answer(words: str = "", *, at: Any = None, status: int = 200) -> JsonResponse:
    """The answer to a saving: when, or why not."""
    return JsonResponse({"message": words} if words else {"saved_at": clock(at)}, status=status)


class CellSave(LoginRequiredMixin, View):
    """POST ``score`` and ``reason`` of one indicator: 200 {saved_at}, 422 {message}, 409 {message} when locked."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int, indicator: int) -> JsonResponse:
        try:
            leaf = sheets.indicator_of(pk, indicator, request.me)
        except Indicator.DoesNotExist as error:
            raise Http404 from error
        try:
            cell = sheets.read(leaf, request.POST.get("score", ""), request.POST.get("reason", ""))
            sheets.keep(pk, [cell], request.at)
        except sheets.Unfit as problem:
            return answer(str(problem), status=422)
        except sheets.Locked:
            return answer(sheets.LOCKED, status=409)
        return answer(at=request.at)


class CommentSave(LoginRequiredMixin, View):
    """POST ``comment`` and ``veto``: as a cell."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> JsonResponse:
        if not sheets.own(request.me).filter(pk=pk).exists():
            raise Http404
        comment, problem = sent_comment(request)
        if problem:
            return answer(problem, status=422)
        try:
            sheets.keep(pk, [], request.at, comment=comment, veto="veto" in request.POST)
        except sheets.Locked:
            return answer(sheets.LOCKED, status=409)
        return answer(at=request.at)
