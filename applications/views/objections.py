"""Objections as work: the list, those that came on paper, who the objector is."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.capacity import Capacity
from applications import objecting, papers, scopes
from applications.flows import OBJECTION
from applications.forms_publicity import PaperObjectionForm
from applications.models import ObjectionState, Publicity
from office.attachments import BadFile
from office.door import Refused
from office.filters import RowFilter
from office.history import record
from office.lists import CaseList, Column
from office.pages import Link
from office.requests import Request


class ObjectionFilter(RowFilter):
    """Words of receipt or application, the state, how it came."""

    search_in = ("number", "application__number", "application__studio_name")
    state = django_filters.ChoiceFilter(label="状态", choices=ObjectionState.choices)
    on_paper = django_filters.ChoiceFilter(label="来源", choices=[("True", "书面"), ("False", "网上")])


class ObjectionList(CaseList):
    """The objections to what the organisation publicised; who raised them is not in the list."""

    flow = OBJECTION
    title = "异议"
    unit = "件"
    template_name = "applications/objection_list.html"
    filterset_class = ObjectionFilter
    default_sort = "-received"
    related = ("application", "publicity__call")
    columns = (
        Column("number", "回执编号", lambda row: row.number),
        Column("application", "所涉申报", lambda row: str(row.application), ("application__number",)),
        Column("received", "收到时间", lambda row: row.received_at, ("received_at",)),
        Column("source", "来源", lambda row: "书面" if row.on_paper else "网上"),
        Column("state", "状态", lambda row: row.get_state_display()),
        Column("due", "答复期限", lambda row: row.due, ("due",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*scopes.STAFF)

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        return super().told(rows, me, at).defer("name", "contact", "text")


class NewPaperObjection(LoginRequiredMixin, View):
    """The owner's officer enters an objection that came on paper, with its true time and its scan."""

    request: Request

    def _publicity(self, pk: int) -> Publicity:
        mine = Publicity.objects.filter(
            scopes.owner_officer(self.request.me), pk=pk, published_at__isnull=False
        )
        publicity = mine.select_related("call").first()
        if publicity is None:
            raise Http404("没有这次公示，或者不由您登记异议。")
        return publicity

    def _form(self, publicity: Publicity, *data: Any) -> PaperObjectionForm:
        rows = papers.publicity_rows(publicity)
        listed = [(row["number"], f"{row['studio']}（{row['number']}）") for row in rows]
        return PaperObjectionForm(*data, listed=listed, at=self.request.at)

    def get(self, request: Request, pk: int) -> HttpResponse:
        publicity = self._publicity(pk)
        return self._page(publicity, self._form(publicity))

    def post(self, request: Request, pk: int) -> HttpResponse:
        publicity = self._publicity(pk)
        form = self._form(publicity, request.POST, request.FILES)
        if not form.is_valid():
            return self._page(publicity, form, 422)
        try:
            objection = objecting.receive(
                pk,
                form.cleaned_data["application"],
                form.grievance,
                form.cleaned_data["evidence"],
                me=request.me,
                at=request.at,
                received_at=form.cleaned_data["received_at"],
            )
        except (Refused, BadFile) as refusal:
            form.add_error(None, str(refusal))
            return self._page(publicity, form, 422)
        messages.success(request, f"已登记，回执编号 {objection.number}，请告知异议人。")
        return redirect(objection.get_absolute_url())

    def _page(self, publicity: Publicity, form: PaperObjectionForm, status: int = 200) -> HttpResponse:
        context = {
            "form_title": "登记书面异议",
            "form_crumbs": [Link("公示", ""), Link(str(publicity), publicity.get_absolute_url())],
            "subtitle": str(publicity),
            "section_title": "异议",
            "form": form,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class ObjectorView(LoginRequiredMixin, View):
    """POST: name and contact of the objector, for the owner's officer and leader; each look is an entry."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        objection = OBJECTION.seen(request.me).filter(number=number).first()
        if objection is None:
            raise Http404("没有这件异议，或者不在您的查看范围内。")
        if not objecting.may_meet(objection, request.me):
            raise PermissionDenied("异议人信息只供受理单位经办人和审批人查看。")
        record(objection, "unmask", "查看异议人信息", request.me, request.at)
        response = render(request, "applications/objector.html", {"objection": objection})
        response["Cache-Control"] = "no-store"
        return response
