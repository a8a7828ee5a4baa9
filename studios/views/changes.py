"""Proposing a change of a studio's fortune."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from office.door import Refused
from office.requests import Request
from studios.changing import propose, proposers
from studios.flows import STUDIO
from studios.forms import ChangeForm
from studios.models import ChangeKind, Studio, StudioChange

NOTES = {
    ChangeKind.RELOCATE: "提出后由新的依托学校承诺支持、其主管部门同意，再由主管项目的教育局领导决定。",
    ChangeKind.LEAD: "接任人须符合第六条领衔校长条件，本人同意并逐项说明后，由主管项目的教育局领导决定；一经决定，原领衔人的权限立即终止。",
    ChangeKind.ACTING: "本人同意后由主管项目的教育局领导决定；到期自动终止。",
    ChangeKind.EXTEND: "由主管项目的教育局领导决定。",
    ChangeKind.CLOSE: "由主管项目的教育局领导决定。终止后成员资格结束、牌匾收回；属无过错终止，不影响今后申报。",
}


class ProposeView(LoginRequiredMixin, View):
    """GET the form of one kind of change, POST it: lead, county or owner's officer.

    404 no such studio or kind, 403 for whoever else sees the studio, 422 what the kind asks for is missing.
    """

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str, kind: str) -> HttpResponse:
        change = self._change(request, number, kind)
        return self._show(request, change, ChangeForm(instance=change))

    def post(self, request: Request, number: str, kind: str) -> HttpResponse:
        change = self._change(request, number, kind)
        form = ChangeForm(request.POST, instance=change)
        if form.is_valid():
            try:
                propose(form.save(commit=False), request.me, request.at)
            except Refused as refusal:
                for lack in refusal.missing:
                    form.add_error(None, f"{lack.said}。")
            else:
                messages.success(request, f"已提出：{change.get_kind_display()}。")
                return redirect(change)
        return self._show(request, change, form, 422)

    def _change(self, request: Request, number: str, kind: str) -> StudioChange:
        rows = STUDIO.seen(request.me).select_related("programme", "lead__school", "school", "acting_lead")
        studio = rows.filter(number=number).first()
        if studio is None or kind not in ChangeKind.values:
            raise Http404("没有这个工作室或这种变更。")
        if not Studio.objects.filter(proposers(request.me), pk=studio.pk).exists():
            raise PermissionDenied("变更由领衔人、旗县区或主管项目的教育局提出。")
        return StudioChange(studio=studio, kind=kind)

    def _show(
        self, request: Request, change: StudioChange, form: ChangeForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "studio": change.studio,
            "kind_label": change.get_kind_display(),
            "note": NOTES[ChangeKind(change.kind)],
        }
        return render(request, "studios/change_new.html", context, status=status)
