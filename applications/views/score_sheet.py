"""The score sheet (评分表): beside the application, saved cell by cell, handed in as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.models import Role
from applications import sheets
from applications.files import material_context
from applications.flows import REVIEW
from applications.members import listed
from applications.models import Review, ReviewState
from applications.reading import parts
from applications.sheets import Cell
from applications.views.reviews import own_counting
from evaluations.models import Indicator
from office.requests import Request
from office.views.offers import WRITTEN
from office.words import clock, points

RELATED = (
    "application__call__programme__owner",
    "application__lead",
    "application__school__parent",
    "application__authority",
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
