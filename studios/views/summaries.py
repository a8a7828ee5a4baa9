"""The list of annual summaries, and a summary on paper."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from office.filing.forms import CONTROLS
from office.filing.views import FormView
from office.filters import CaseFilter
from office.lists import CaseList, Column
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from studios.documents.summary import summary_paper
from studios.flows import SUMMARY
from studios.models import FiledState
from studios.pages.summary import FORM, RELATED, as_filed
from studios.pictures import KEY, as_table, chosen_in
from studios.views.plans import pdf

STUDIO = "year__term__studio__"


class SummaryFilter(CaseFilter):
    """What waits for me, the state, whether late; words of the studio, its lead or its school."""

    flow = SUMMARY

    state = django_filters.ChoiceFilter(label="状态", choices=FiledState.choices, empty_label="全部")
    late = django_filters.ChoiceFilter(
        label="逾期备案", choices=[("1", "是"), ("0", "否")], empty_label="全部"
    )
    search_in = (f"{STUDIO}name", f"{STUDIO}number", f"{STUDIO}lead__name", f"{STUDIO}school__name")


class SummaryList(CaseList):
    """The annual summaries of the studios I hold."""

    flow = SUMMARY
    title = "年度总结"
    unit = "份"
    template_name = "studios/summaries.html"
    filterset_class = SummaryFilter
    default_sort = "-year"
    related = (f"{STUDIO}lead", f"{STUDIO}school")
    deferred = ("content", "figures")
    columns = (
        Column("studio", "工作室", lambda row: row.studio.name, (f"{STUDIO}number",)),
        Column("lead", "领衔人", lambda row: row.studio.lead.name, page=False),
        Column("year", "建设年度", lambda row: f"第{row.year.number}年", ("year__starts",)),
        Column("due", "期限", lambda row: row.due, ("due",)),
        Column("filed", "备案时间", lambda row: row.filed_at, ("filed_at",)),
        Column("late", "逾期", lambda row: "逾期" if row.late else "", page=False),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return not me.holds(Role.ADMIN, Role.SECURITY, Role.EXPERT)


class SummaryPictures(FormView):
    """The section of the form in which pictures are chosen: what is ticked becomes the rows of its table."""

    page = FORM

    def get(self, request: Request, key: str) -> HttpResponse:  # type: ignore[override]
        return super().get(request, key, KEY)

    def post(self, request: Request, key: str) -> HttpResponse:  # type: ignore[override]
        summary, _ = self._find(key, KEY)
        sent = request.POST.copy()
        rows = as_table(chosen_in(sent, summary.year))
        for name in [name for name in sent if name not in CONTROLS]:
            del sent[name]
        sent.update(rows)
        request.POST = sent  # type: ignore[assignment]
        return super().post(request, key, KEY)


class SummaryPrint(LoginRequiredMixin, View):
    """GET: the summary as PDF, for whoever sees it; 404 for others, and before it was filed."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        rows = SUMMARY.seen(request.me).select_related(*RELATED).filter(filed_at__isnull=False)
        summary = rows.filter(pk=pk).first()
        if summary is None:
            raise Http404("没有这份年度总结，或者还没有备案。")
        try:
            content = render_form(summary_paper(summary, as_filed(summary, request.me)))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成 PDF：{reason}")
            return redirect(summary)
        return pdf(content, f"summary-{summary.studio.number}-{summary.year.number}")
