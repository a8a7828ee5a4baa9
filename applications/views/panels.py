"""The panel of one stage: seats by name and by lot, conflicts, waivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.models import Organisation, Role
from applications import panels
from applications.call_forms import authorities
from applications.division import stages
from applications.flows import CALL
from applications.models import Application, Call, Expert, PanelSeat, Waiver
from applications.recusal import Conflict, conflicts
from office.door import Refused
from office.requests import Request
from studios.models import Stage

FOUND = 30


class DrawForm(forms.Form):
    """The conditions of a draw."""

    number = forms.IntegerField(label="抽取人数", min_value=1, max_value=99)
    avoid = forms.ChoiceField(label="排除", choices=panels.AVOID, initial=panels.HARD)
    counties = forms.ModelMultipleChoiceField(
        label="不从以下旗县区抽取",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = call.programme.owner
        listed = [each.pk for each in authorities(owner) if each.pk != owner.pk]
        field = self.fields["counties"]
        field.queryset = Organisation.objects.filter(pk__in=listed).order_by("code", "sort_key")  # type: ignore[attr-defined]
        field.label_from_instance = lambda county: county.label  # type: ignore[attr-defined]

    def terms(self) -> panels.Terms:
        """What was asked for. Call when valid."""
        data = self.cleaned_data
        return panels.Terms(data["number"], tuple(county.pk for county in data["counties"]), data["avoid"])


@dataclass(frozen=True)
class Clash:
    """One expert and one application between whom something stands."""

    expert: Expert
    application: Application
    sentence: str
    waivable: bool


def owned_call(request: Request, number: str, *, to_write: bool = False) -> Call:
    """The call, for its owner's officer and leader; 404 not visible, 403 for others (``to_write``: the officer)."""
    call = CALL.seen(request.me).select_related("programme__owner").filter(number=number).first()
    if call is None:
        raise Http404("没有这个申报批次。")
    keepers = (Role.OFFICER,) if to_write else (Role.OFFICER, Role.LEADER)
    if not (request.me.holds(*keepers) and call.programme.owner_id == request.me.organisation_id):
        raise PermissionDenied("评审由项目主管部门组织，不由您现在的身份办理。")
    return call


def clashes(seated: list[Expert], applications: list[Application]) -> list[Clash]:
    """All conflicts, hard ones first."""
    found = conflicts(seated, applications)
    by_key = {application.pk: application for application in applications}
    people = {expert.pk: expert for expert in seated}
    rows = [
        Clash(people[expert], by_key[application], _said(reasons), all(reason.waivable for reason in reasons))
        for (expert, application), reasons in found.items()
    ]
    return sorted(rows, key=lambda row: (row.waivable, row.expert.user.sort_key, row.application.number))


def _said(reasons: list[Conflict]) -> str:
    return "；".join(reason.sentence for reason in reasons)


class PanelPage(LoginRequiredMixin, View):
    """GET: the panel. POST ``act`` (draw, seat, unseat, waive): change it, or say why not (422)."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str, stage: str) -> HttpResponse:
        return self._page(request, owned_call(request, number), stage)

    def post(self, request: Request, number: str, stage: str) -> HttpResponse:
        call = owned_call(request, number, to_write=True)
        acts: dict[str, Callable[..., str]] = {
            "draw": self._draw,
            "seat": self._seat,
            "unseat": self._unseat,
            "waive": self._waive,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None or stage not in Stage.values:
            raise Http404
        form = DrawForm(request.POST, call=call) if act == self._draw else None
        if form is not None and not form.is_valid():
            return self._page(request, call, stage, form, 422)
        try:
            done = act(request, call, stage, form) if form else act(request, call, stage)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except Refused as refusal:
            messages.error(request, f"没有办理：{refusal}。")
            return self._page(request, call, stage, form, 422)
        messages.success(request, done)
        return redirect("call-panel", number, stage)

    def _draw(self, request: Request, call: Call, stage: str, form: DrawForm) -> str:
        drawn = panels.draw(call, stage, form.terms(), request.me, request.at)
        return f"已抽取 {len(drawn)} 名：{'、'.join(str(expert) for expert in drawn)}。候选名单和随机种子已记入办理记录。"

    def _seat(self, request: Request, call: Call, stage: str) -> str:
        return f"已将{panels.seat(call, stage, number_of(request, 'expert'), request.me, request.at)}列入评审组。"

    def _unseat(self, request: Request, call: Call, stage: str) -> str:
        reason = request.POST.get("reason", "")
        panels.unseat(call, stage, number_of(request, "expert"), reason, request.me, request.at)
        return "已调出评审组。"

    def _waive(self, request: Request, call: Call, stage: str) -> str:
        expert, application = number_of(request, "expert"), number_of(request, "application")
        panels.waive(call, application, expert, request.POST.get("reason", ""), request.me, request.at)
        return "已记录理由，该专家可以评审这份申报。"

    def _page(
        self, request: Request, call: Call, stage: str, form: DrawForm | None = None, status: int = 200
    ) -> HttpResponse:
        if stage not in Stage.values:
            raise Http404("没有这个学段。")
        seats = list(
            PanelSeat.objects.filter(panel__call=call, panel__stage=stage)
            .select_related("expert__user", "expert__unit", "expert__county")
            .order_by("expert__user__sort_key", "pk")
        )
        applications = panels.judged(call, stage)
        forming = call.state in panels.FORMING and request.me.holds(Role.OFFICER)
        words = request.GET.get("search", "").strip()
        called = stages(call)
        waivers = Waiver.objects.filter(application__in=applications)
        context = {
            "call": call,
            "stage": stage,
            "stage_label": Stage(stage).label,
            "stages": [(value, Stage(value).label, value == stage) for value in called],
            "seats": seats,
            "applications": len(applications),
            "clashes": clashes([seat.expert for seat in seats], applications),
            "waivers": waivers.select_related("expert__user", "application"),
            "forming": forming,
            "may_waive": call.state in panels.WAIVING and request.me.holds(Role.OFFICER),
            "words": words,
            "found": self._found(call, stage, words, request) if forming else [],
            "draw_form": form
            or DrawForm(call=call, initial={"number": max(call.panel_size - len(seats), 1)}),
            "typed": request.POST,
        }
        return render(request, "applications/panel.html", context, status=status)

    def _found(self, call: Call, stage: str, words: str, request: Request) -> list[Expert]:
        """The pool by name or unit, without those seated."""
        if not words:
            return []
        free = panels.candidates(call, stage, panels.Terms(1, avoid=panels.NONE), request.at)
        return [expert for expert in free if words in str(expert) or words in str(expert.unit or "")][:FOUND]


def number_of(request: Request, name: str) -> int:
    """A key that was sent; 0, which nothing has, for anything else."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdecimal() else 0
