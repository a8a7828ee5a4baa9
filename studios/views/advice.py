"""Advice, listed, begun and changed."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from office.filters import CaseFilter
from office.lists import CaseList, Column
from office.requests import Request
from studios.advising import AdviceForm, draft_advice, keep_draft
from studios.flows import ADVICE, STUDIO
from studios.models import Advice, AdviceKind, AdviceState, Studio, StudioState, Verdict
from studios.scopes.people import drafter


class AdviceFilter(CaseFilter):
    """What waits for me; kind, state, answer; words of the title, the studio or its lead."""

    flow = ADVICE

    kind = django_filters.ChoiceFilter(label="种类", choices=AdviceKind.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=AdviceState.choices, empty_label="全部")
    verdict = django_filters.ChoiceFilter(label="答复", choices=Verdict.choices, empty_label="全部")
    search_in = ("title", "studio__name", "studio__lead__name")


class AdviceList(CaseList):
    """The advice of the studios I hold."""

    flow = ADVICE
    title = "建言献策"
    unit = "条"
    template_name = "studios/advice_list.html"
    filterset_class = AdviceFilter
    default_sort = "-sent"
    related = ("studio__lead", "handler")
    deferred = ("text",)
    columns = (
        Column("title", "标题", lambda row: row.title, ("title",)),
        Column("kind", "种类", lambda row: row.get_kind_display(), ("kind",)),
        Column("studio", "工作室", lambda row: row.studio.name, ("studio__number",)),
        Column("lead", "领衔人", lambda row: row.studio.lead.name, page=False),
        Column("sent", "报送时间", lambda row: row.sent_at, ("sent_at",)),
        Column("handler", "承办人", lambda row: str(row.handler or ""), ("handler__sort_key",)),
        Column("verdict", "答复", lambda row: row.get_verdict_display(), ("verdict",)),
        Column("reply", "答复意见", lambda row: row.reply, page=False),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return not me.holds(Role.ADMIN, Role.SECURITY, Role.EXPERT)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"own": own_studios(self.request.me)}


def own_studios(me: Capacity) -> list[Studio]:
    """The studios that go on and for which ``me`` writes."""
    return list(Studio.objects.filter(drafter("")(me), state__in=StudioState.live).order_by("number"))


class AdviceNew(LoginRequiredMixin, View):
    """Begin a draft for the studio: its lead, or an assistant who may draft; 403 for others who see the studio."""

    request: Request
    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse:
        return _form(request, AdviceForm(), _written(request, number))

    def post(self, request: Request, number: str) -> HttpResponse:
        studio = _written(request, number)
        form = AdviceForm(request.POST)
        if not form.is_valid():
            return _form(request, form, studio, 422)
        advice = draft_advice(studio, form.save(commit=False), request.me, request.at)
        messages.success(request, "已保存草稿。可以继续添加附件，由领衔人报送。")
        return redirect(advice)


def _written(request: Request, number: str) -> Studio:
    studio: Studio | None = STUDIO.seen(request.me).filter(number=number).first()
    if studio is None:
        raise Http404("没有这个工作室，或者不在您的查看范围内。")
    if not Studio.objects.filter(drafter("")(request.me), pk=studio.pk).exists():
        raise PermissionDenied("由领衔人或受托的助理起草。")
    return studio


class AdviceEdit(LoginRequiredMixin, View):
    """Change a draft: 404 for who does not see it, 403 for who does not write it, back to the page once it is sent."""

    request: Request
    http_method_names = ["get", "post"]

    def _draft(self, pk: int) -> Advice:
        me = self.request.me
        advice: Advice | None = ADVICE.seen(me).select_related("studio").filter(pk=pk).first()
        if advice is None:
            raise Http404("没有这条建言，或者不在您的查看范围内。")
        if not Advice.objects.filter(drafter("studio__")(me), pk=pk).exists():
            raise PermissionDenied("由领衔人或受托的助理起草。")
        return advice

    def get(self, request: Request, pk: int) -> HttpResponse:
        advice = self._draft(pk)
        if advice.state != AdviceState.DRAFT:
            return redirect(advice)
        return _form(request, AdviceForm(instance=advice), advice.studio)

    def post(self, request: Request, pk: int) -> HttpResponse:
        advice = self._draft(pk)
        form = AdviceForm(request.POST, instance=Advice(studio=advice.studio))
        if not form.is_valid():
            return _form(request, form, advice.studio, 422)
        if keep_draft(pk, form.cleaned_data, request.me, request.at):
            messages.success(request, "已保存。")
        else:
            messages.error(request, "本件已报送，没有保存。")
        return redirect(advice)


def _form(request: Request, form: AdviceForm, studio: Studio, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "form_title": "建言献策",
        "subtitle": studio.name,
        "form_crumbs": [{"label": "建言献策", "url": reverse("advice-list")}],
        "section_title": "发展建议或调研报告",
        "section_hint": "报送前可随时修改；较长的报告保存后另附文件。",
        "formsets": [],
    }
    return render(request, "patterns/form.html", context, status=status)
