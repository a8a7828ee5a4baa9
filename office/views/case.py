"""The case page (办理页) and the taking of a step, the same for every flow."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views import View

from accounts.entering import is_locked, prove
from accounts.models import TAKEN_BY
from office.attachments import BadFile
from office.consulting import may_consult
from office.door import Moved, Refused, take
from office.flow import Flow, Missing, Step
from office.forms import form_lacks, step_form
from office.models import Consultation, Entry
from office.pages import CasePage, Link, Tab, actions_of, page_of
from office.reminding import may_ask
from office.requests import Request, safe_address
from office.signed import PaperForm, paper_form, takes_paper
from office.views.entries import Line, history, lines, questions
from office.views.offers import Attempt, offers
from office.views.told import told_to
from office.views.way import stops, waited


def find_case(flow: Flow, key: str, request: Request, step: Step | None = None) -> Any:
    """The case of this key with the steps ``request.me`` may take; Http404 where it is not theirs to see.

    With ``step`` only that one is asked about, and only what the door reads is brought along.
    """
    related = flow.related if step else page_of(flow.name).related
    try:
        return flow.find(request.me, key, *related, step=step)
    except ObjectDoesNotExist as error:
        raise unseen(flow) from error


def unseen(flow: Flow) -> Http404:
    """The answer to whoever asks for a case that is not there for them."""
    return Http404(f"没有这项{flow.label}，或者不在您的查看范围内。")


def render_case(
    request: Request, flow: Flow, case: Any, attempt: Attempt | None = None, status: int = 200
) -> HttpResponse:
    """The case page; ``attempt`` is a refused step, whose words come back."""
    page = page_of(flow.name)
    entries = history(case) if page.history(case, request.me) else None
    offered = offers(flow, case, request.me, request.at, attempt)
    context = {
        "flow": flow,
        "case": case,
        "case_title": page.title(case),
        "case_number": getattr(case, "number", ""),
        "state_label": flow.state_label(case.state),
        "state_tone": flow.tones.get(case.state, "grey"),
        "subtitle": page.subtitle(case),
        "case_crumbs": page.crumbs(case, request.me) or _to_list(flow),
        "case_actions": [*actions_of(page, case, request.me, request.at), *_consult(flow, case, request)],
        "deadline": case.due,
        "way": stops(flow, case, entries, page.holder(case), request.at),
        "offers": offered,
        "nothing_to_do": "" if offered else _why_nothing(flow, page, case, request),
        "remind_url": _remind_url(flow, case, request),
        "history_open": entries is not None,
        "entries": _history(flow, case, entries, request),
        "told_url": reverse("told", args=[flow.name, case.key])
        if told_to(page, case, request.me, entries or ())
        else "",
        "at": request.at,
        **_tabs(request, page, case),
    }
    return render(request, "patterns/case.html", context, status=status)


def _remind_url(flow: Flow, case: Any, request: Request) -> str:
    """Where the page asks whom one might remind (催办); empty where nobody is to be asked."""
    return reverse(f"remind-{flow.name}", args=[case.key]) if may_ask(flow, case, request.me) else ""


def _consult(flow: Flow, case: Any, request: Request) -> list[Link]:
    """The button 征求意见, for those with whom the case is."""
    if not may_consult(flow, case, request.me):
        return []
    return [Link("征求意见", reverse(f"consult-{flow.name}", args=[case.key]))]


def _history(flow: Flow, case: Any, entries: list[Entry] | None, request: Request) -> list[Line]:
    """The history, with what the people of one's own organisation asked each other about the case."""
    if entries is None:
        return []
    written = lines(case, entries)
    if flow.grant and request.me.holds(*TAKEN_BY):
        asked = Consultation.objects.about(case, request.me.organisation_id)
        written = sorted([*written, *questions(asked)], key=lambda line: line.at)
    return written


def _to_list(flow: Flow) -> list[Link]:
    """The crumb of a page that names none: the flow's list, where there is one."""
    try:
        return [Link(flow.label, reverse(f"{flow.name}-list"))]
    except NoReverseMatch:
        return [Link(flow.label, "")]


def _tabs(request: Request, page: CasePage, case: Any) -> dict[str, Any]:
    """The tabs open to the reader, the one asked for (or the first) shown, and what that one brings."""
    shown = [tab for tab in page.tabs if tab.visible(case, request.me)]
    if not shown:
        return {}
    present = next((tab for tab in shown if tab.key == request.GET.get("tab")), shown[0])
    return {
        **present.context(case, request.me, request.at),
        "tabs": [_tab(request, case, tab, tab is present) for tab in shown],
        "body_template": present.template,
        "tab_scripts": present.scripts,
    }


def _tab(request: Request, case: Any, tab: Tab, active: bool) -> dict[str, Any]:
    return {
        "label": tab.label,
        "url": f"{case.get_absolute_url()}?tab={tab.key}",
        "active": active,
        "count": tab.count(case, request.me),
    }


def _why_nothing(flow: Flow, page: CasePage, case: Any, request: Request) -> str:
    """Why there is no step to take: the case is closed, or another has it."""
    if not any(case.state in step.source for step in flow.steps):
        if words := page.standing(case):
            return words
        return f"本件{flow.state_label(case.state)}，已经办结。"
    if holder := page.holder(case):
        return f"等待{holder}办理，{waited(case, request.at)}。"
    waits = any(step.waits and case.state in step.source for step in flow.steps)
    since = f"，{waited(case, request.at)}" if waits else ""
    return f"现为“{flow.state_label(case.state)}”{since}。现在没有需要您办理的步骤。"


def unproved(request: Request, step: Step, case: Any, form: BaseForm | None) -> list[Missing]:
    """What a sealed step lacks: the password, unless it was given and right; nothing for any other step.

    It is looked at only when nothing stands in the way so far, and whatever was not looked at is missing: what the
    door finds a moment later may be another state.
    """
    if not step.sealed:
        return []
    user = request.me.user
    if user is None or not getattr(case, f"may_{step.name}") or (form and not form.is_valid()):
        return [Missing("请再次输入登录密码")]
    problem = prove(request, user)
    return [Missing(problem)] if problem else []


class CaseView(LoginRequiredMixin, View):
    """GET: the page of one case of ``flow``."""

    request: Request
    flow: Flow = None  # type: ignore[assignment]  # given by as_view

    def get(self, request: Request, key: str) -> HttpResponse:
        return render_case(request, self.flow, find_case(self.flow, key, request))


class StepView(LoginRequiredMixin, View):
    """POST ``opinion`` and the step's own fields: take it, or say why not and give back what was typed.

    404 not visible, 403 not my capacity, 409 someone was first, 422 something is missing; else a redirect to
    ``next`` where that is an address of ours, or back to the case.
    """

    request: Request
    flow: Flow = None  # type: ignore[assignment]  # given by as_view
    http_method_names = ["post"]

    def post(self, request: Request, key: str, step: str) -> HttpResponse:
        try:
            table_row = self.flow.step(step)
        except KeyError as error:
            raise Http404(f"{self.flow.label}没有这个步骤。") from error
        lacks = self._unproved(table_row, key)
        if is_locked(request):
            return HttpResponse(status=429)  # django-axes puts its page in this place
        attempt = Attempt(step, request.POST.get("opinion", ""), paper=self._paper(table_row, key))
        try:
            moved = self._take(table_row, key, attempt, lacks)
        except ObjectDoesNotExist as error:
            raise unseen(self.flow) from error
        except PermissionDenied as error:
            raise PermissionDenied(f"“{table_row.label}”不由您现在的身份办理。") from error
        except BadFile as problem:
            messages.error(request, f"未能办理“{table_row.label}”：{problem}")
            return self._again(key, table_row, attempt, 422)
        except Moved as refusal:
            kept = f"您刚才写的意见是：{attempt.opinion}" if attempt.opinion.strip() else ""
            messages.error(request, f"没有办理“{table_row.label}”：{refusal}。{kept}")
            return self._again(key, table_row, attempt, 409)
        except Refused as refusal:
            again = "扫描件请重新选择。" if attempt.paper else ""
            messages.error(request, f"未能办理“{table_row.label}”：{refusal}。填写的内容已保留。{again}")
            return self._again(key, table_row, attempt, 422)
        messages.success(request, f"已办理：{moved}，{table_row.label}。")
        return redirect(self._after(moved))

    def _unproved(self, step: Step, key: str) -> list[Missing]:
        """What a sealed step lacks. It is looked at before the door locks the case: proving who one is takes long."""
        if not step.sealed:
            return []
        case = find_case(self.flow, key, self.request, step)
        return unproved(self.request, step, case, step_form(self.flow, step, case, self.request.POST))

    def _paper(self, step: Step, key: str) -> PaperForm | None:
        """What was filled in of the fold 意见为纸质, where the step has one."""
        request = self.request
        if not takes_paper(step, request.me, in_stead=True):
            return None
        form = paper_form(step, request.at, request.POST, request.FILES)
        if form is None or step.opinion:
            return form
        case = find_case(self.flow, key, request, step)
        return form if getattr(case, f"stead_{step.name}") else None

    def _take(self, step: Step, key: str, attempt: Attempt, lacks: list[Missing]) -> Any:
        me, at, paper = self.request.me, self.request.at, attempt.paper

        def fill(case: Any) -> tuple[dict[str, Any], list[Missing]]:
            attempt.form = step_form(self.flow, step, case, self.request.POST)
            found = form_lacks(attempt.form)
            return attempt.form.cleaned_data if attempt.form else {}, found

        lacks = [*lacks, *form_lacks(paper)]
        with paper.paper() if paper and paper.is_valid() else nullcontext() as enclosed:
            pk = self.flow.pk_of(key)
            return take(
                *(self.flow, step.name, pk, me, at, attempt.opinion), lacks=lacks, paper=enclosed, fill=fill
            )

    def _again(self, key: str, step: Step, attempt: Attempt, status: int) -> HttpResponse:
        """The page of the case as it is now, with what was typed."""
        case = find_case(self.flow, key, self.request)
        attempt.form = attempt.form or step_form(self.flow, step, case, self.request.POST)
        return render_case(self.request, self.flow, case, attempt, status)

    def _after(self, case: Any) -> str:
        """Where to go on: the page asked for, the case, or the desk where the case is no longer in sight."""
        if wanted := safe_address(self.request, self.request.POST.get("next", "")):
            return wanted
        if self.flow.sees(self.request.me, case.pk):
            return str(case.get_absolute_url())
        return reverse("desk")
