"""The expert's side: my reviews, the score sheet, its saving cell by cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from applications import scopes, sheets
from applications.files import material_context
from applications.flows import REVIEW
from applications.members import listed
from applications.models import Review, ReviewState
from applications.reading import parts
from applications.sheets import Cell
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


class ReviewFilter(RowFilter):
    search_in = ("application__studio_name", "application__number", "application__lead__name")
    stage = django_filters.ChoiceFilter(
        field_name="application__stage", label="学段", choices=Stage.choices, empty_label="全部"
    )
    state = django_filters.ChoiceFilter(label="状态", choices=ReviewState.choices, empty_label="全部")

    class Meta:
        model = Review
        fields: list[str] = []


def progress_words(review: Any) -> str:
    """How many of the sheet's indicators have a score."""
    return f"{review.scored} / {review.leaves or 0}"


class ReviewList(CaseList):
    """我的评审: the expert's own reviews with how far each sheet is."""

    flow = REVIEW
    related = ("application__call", "application__school", "application__lead")
    title = "我的评审"
    filterset_class = ReviewFilter
    template_name = "applications/reviews.html"
    default_sort = "due"
    columns = (
        Column(
            "studio", "拟设工作室", lambda row: row.application.studio_name, ("application__studio_name",)
        ),
        Column("number", "申报编号", lambda row: row.application.number, page=False),
        Column("stage", "学段", lambda row: row.application.get_stage_display(), ("application__stage",)),
        Column("call", "批次", lambda row: row.application.call.name),
        Column("progress", "已评", progress_words, ("scored",), "figure"),
        Column("total", "总分", lambda row: row.total, ("total",), "figure"),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("due", "截止", lambda row: row.due, ("due",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(Role.EXPERT)

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
            .filter(scopes.reviewer(me))
            .annotate(
                scored=Count("scores", filter=Q(scores__points__isnull=False)),
                leaves=Coalesce(Subquery(leaves, output_field=IntegerField()), 0),
                deadline=F("application__call__score_by"),
            )
        )


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
        return redirect("review-sheet", pk)


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
