"""One step on several cases at once: first which and how many, then row by row what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts.entering import prove
from office.door import take_each
from office.flow import NOTHING, Flow, Step
from office.forms import step_form
from office.pages import page_of
from office.requests import Request, safe_address

LIMIT = 200


@dataclass(frozen=True)
class Row:
    """One chosen case: ``ready`` when the step may be taken on it, with the form of the step's own fields."""

    case: Any
    title: str
    state_label: str
    state_tone: str
    ready: bool
    form: BaseForm | None
    confirm: str


class BatchView(LoginRequiredMixin, View):
    """POST ``pk`` (several): what will happen, and to which; with ``confirmed`` and ``opinion`` it happens.

    Each row may carry the step's own fields, named ``<pk>-<field>``. 403 where no case of this flow is mine to
    take this step on; at most ``LIMIT`` rows, 400 without any.
    """

    request: Request
    flow: Flow = None  # type: ignore[assignment]  # given by as_view
    http_method_names = ["post"]

    def post(self, request: Request, step: str) -> HttpResponse:
        table_row = self._step(step)
        rows = self._rows(table_row)
        opinion = request.POST.get("opinion", "")
        ready = [row for row in rows if row.ready]
        if "confirmed" not in request.POST or not ready:
            return self._ask(table_row, rows, opinion)
        if problem := self._problem(table_row, ready, opinion):
            return self._ask(table_row, rows, opinion, problem)
        given = {row.case.pk: row.form.cleaned_data for row in ready if row.form}
        # What was ready when it was shown and is no longer is told with the rest: who was first, and when.
        chosen = [row.case.pk for row in rows]
        outcomes = take_each(self.flow, step, chosen, request.me, request.at, opinion, given)
        return self._report(table_row, {row.case.pk: row.case for row in rows}, outcomes)

    def _step(self, name: str) -> Step:
        try:
            step = self.flow.step(name)
        except KeyError as error:
            raise Http404(f"{self.flow.label}没有这个步骤。") from error
        if step.who(self.request.me) == NOTHING:
            raise PermissionDenied(f"“{step.label}”不由您现在的身份办理。")
        return step

    def _rows(self, step: Step) -> list[Row]:
        flow, me = self.flow, self.request.me
        pks = [int(pk) for pk in self.request.POST.getlist("pk") if pk.isdecimal()][:LIMIT]
        related = page_of(flow.name).related
        cases = flow.with_steps(flow.seen(me), me).select_related(*related).filter(pk__in=pks).order_by("pk")
        data = self.request.POST if "confirmed" in self.request.POST else None
        return [self._row(step, case, data) for case in cases]

    def _row(self, step: Step, case: Any, data: Any) -> Row:
        ready = getattr(case, f"may_{step.name}")
        return Row(
            case=case,
            title=page_of(self.flow.name).title(case),
            state_label=self.flow.state_label(case.state),
            state_tone=self.flow.tones.get(case.state, "grey"),
            ready=ready,
            form=step_form(self.flow, step, case, data, prefix=str(case.pk)) if ready else None,
            confirm=step.confirm(case) if step.confirm else "",
        )

    def _problem(self, step: Step, ready: list[Row], opinion: str) -> str:
        """What keeps the whole batch from beginning: no opinion, a row filled in wrongly, no password for a sealed step."""
        if step.opinion and not opinion.strip():
            return "请填写意见。"
        if invalid := [row for row in ready if row.form and not row.form.is_valid()]:
            return f"有 {len(invalid)} 行填写有误，请更正后再办理。"
        user = self.request.me.user
        problem = prove(self.request, user) if step.sealed and user else ""
        return f"{problem}。" if problem else ""

    def _ask(self, step: Step, rows: list[Row], opinion: str, problem: str = "") -> HttpResponse:
        context = self._context(step) | {
            "rows": rows,
            "ready": sum(row.ready for row in rows),
            "opinion": opinion,
            "problem": problem,
        }
        status = 422 if problem else 200 if rows else 400
        return render(self.request, "patterns/batch.html", context, status=status)

    def _report(self, step: Step, cases: dict[int, Any], outcomes: list[Any]) -> HttpResponse:
        context = self._context(step) | {
            "outcomes": [(outcome, cases[outcome.pk]) for outcome in outcomes],
            "done": sum(not outcome.problem for outcome in outcomes),
            "refused": sum(bool(outcome.problem) for outcome in outcomes),
        }
        return render(self.request, "patterns/batch_report.html", context)

    def _context(self, step: Step) -> dict[str, Any]:
        """What both pages say. ``back`` is the list the rows were chosen from."""
        back = self.request.POST.get("back") or self.request.headers.get("Referer", "")
        return {
            "flow": self.flow,
            "step": step,
            "url": reverse(f"batch-{self.flow.name}", args=[step.name]),
            "back": safe_address(self.request, back) or reverse("desk"),
            "at": self.request.at,
        }
