"""Questions as work: the list, the form for a question, the form for an interpretation nobody asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from office.filters import CaseFilter
from office.lists import CaseList, Column
from office.requests import Request
from portal.interpretations.asking import ask, volunteer
from portal.interpretations.flow import INTERPRETATION
from portal.interpretations.forms import QuestionForm, UnaskedForm
from portal.interpretations.scopes import interprets
from portal.public.measures import in_force
from programmes.models import Article, Interpretation, InterpretationState


def _articles(request: Any) -> QuerySet[Article]:
    return in_force()


class InterpretationFilter(CaseFilter):
    """What waits for me, the state, the article, words of question and answer."""

    flow = INTERPRETATION
    search_in = ("question", "wording", "answer", "article__text")
    state = django_filters.ChoiceFilter(label="状态", choices=InterpretationState.choices)
    article = django_filters.ModelChoiceFilter(label="条文", queryset=_articles)


class InterpretationList(CaseList):
    """The issuer's people see all questions, everybody else the own."""

    flow = INTERPRETATION
    title = "提问与解读"
    unit = "件"
    template_name = "interpretations/list.html"
    filterset_class = InterpretationFilter
    default_sort = "-since"
    related = ("article", "asker")
    deferred = ("answer",)
    columns = (
        Column("article", "条文", lambda row: str(row.article), ("article__number",)),
        Column("wording", "问题", lambda row: row.wording),
        Column("asker", "提问人", lambda row: str(row.asker or "")),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("since", "进入本环节", lambda row: row.since, ("since",)),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"interprets": interprets(self.request.me)}


class _New(LoginRequiredMixin, View):
    """GET ``?article=``: the form; POST: begin."""

    request: Request
    form_class: Any
    words: dict[str, str]

    def start(self, form: Any) -> Interpretation:
        """Bring the case of a valid form into being."""
        raise NotImplementedError

    def get(self, request: Request) -> HttpResponse:
        number = request.GET.get("article", "")
        chosen = in_force().filter(number=number).first() if number.isdecimal() and len(number) < 5 else None
        return self._page(self.form_class(initial={"article": chosen}, articles=in_force()))

    def post(self, request: Request) -> HttpResponse:
        form = self.form_class(request.POST, articles=in_force())
        if not form.is_valid():
            return self._page(form, 422)
        case = self.start(form)
        messages.success(request, self.words["done"])
        return redirect(case.get_absolute_url())

    def _page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "form_title": self.words["title"],
            "form_crumbs": [{"label": "提问与解读", "url": reverse("interpretation-list")}],
            "section_title": self.words["section"],
            "section_hint": self.words["hint"],
            "save_label": self.words["save"],
        }
        return render(self.request, "interpretations/new.html", context, status=status)


class Ask(_New):
    """For everybody with an account."""

    form_class = QuestionForm
    words = {
        "title": "就办法提问",
        "section": "问题",
        "hint": "办法由市教育局负责解释（第二十条）。答复后会收到消息；值得公开的，公布在所问条文之下。",
        "save": "提交问题",
        "done": "问题已提交，答复后会发消息给您。",
    }

    def start(self, form: Any) -> Interpretation:
        given = form.save(commit=False)
        return ask(given, form.cleaned_data["further"], self.request.me, self.request.at)


class Volunteer(_New):
    """For the officer of whoever issued the measures."""

    form_class = UnaskedForm
    words = {
        "title": "主动解读",
        "section": "解读",
        "hint": "保存后由审批人签发；公布后列在所选条文之下，可以检索。",
        "save": "送审批人签发",
        "done": "已送审批人签发。",
    }

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if request.user.is_authenticated and not interprets(request.me):
            raise PermissionDenied("办法由制定机关的经办人解读（第二十条）。")
        return super().dispatch(request, *args, **kwargs)

    def start(self, form: Any) -> Interpretation:
        given = form.save(commit=False)
        return volunteer(given, form.cleaned_data["further"], self.request.me, self.request.at)
