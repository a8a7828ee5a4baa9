"""The parameters of a programme (项目参数), changed in the browser by the officer of its owner (Art. 13, 19)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.models import Role
from office.history import record
from office.models import Entry
from office.requests import Request
from portal.registry.changes import difference, snapshot, version
from programmes.models import Programme

GROUPS = (
    ("名称与依据", ("name", "basis", "document_code")),
    (
        "建设",
        (
            "term_years",
            "members_min",
            "members_max",
            "one_studio_per_member",
            "preparing_days",
            "members_below_days",
            "acting_lead_days",
        ),
    ),
    ("计划与总结", ("plan_due_months", "summary_due_days", "grace_days")),
    (
        "申报与评审",
        ("mend_working_days", "experts_per_panel", "valid_reviews_min", "trim_scores", "application_line"),
    ),
    ("公示与异议", ("publicity_working_days", "objection_working_days")),
    (
        "考核与评估",
        (
            "assessment_pass_mark",
            "excellent_mark",
            "excellent_quota",
            "rectification_days",
            "appeal_working_days",
        ),
    ),
    ("经费", ("annual_amount", "reduced_ratio")),
)
FIELDS = tuple(name for _, names in GROUPS for name in names)
DAYS = tuple(name for name in FIELDS if name.endswith("_days"))


class ProgrammeForm(forms.ModelForm):  # type: ignore[type-arg]
    """All parameters; ``read`` marks what was shown, so that a change made meanwhile is not overwritten."""

    read = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Programme
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (
            *DAYS,
            "plan_due_months",
            "term_years",
            "members_min",
            "experts_per_panel",
            "valid_reviews_min",
        ):
            field = self.fields[name]
            field.min_value = 1  # type: ignore[attr-defined]
            field.widget.attrs["min"] = 1

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in (
            *DAYS,
            "plan_due_months",
            "term_years",
            "members_min",
            "experts_per_panel",
            "valid_reviews_min",
        ):
            if data.get(name) == 0:
                self.add_error(name, "至少为 1。")
        for low, high in (("members_min", "members_max"), ("valid_reviews_min", "experts_per_panel")):
            if data.get(low) and data.get(high) is not None and data[high] < data[low]:
                self.add_error(high, f"不能少于“{self.fields[low].label}”。")
        for name in ("application_line", "assessment_pass_mark", "excellent_mark"):
            if data.get(name) is not None and not 0 <= data[name] <= 100:
                self.add_error(name, "分数应在 0 到 100 之间。")
        return data

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]


class ProgrammePage(LoginRequiredMixin, View):
    """GET: the parameters and what was changed before; POST: change them. Calls that are open keep their own."""

    request: Request

    def get(self, request: Request) -> HttpResponse:
        programme = self._programme()
        form = ProgrammeForm(instance=programme, initial={"read": version(snapshot(programme, FIELDS))})
        return self._page(programme, form)

    @transaction.atomic
    def post(self, request: Request) -> HttpResponse:
        programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(
            pk=self._programme().pk
        )
        before = snapshot(programme, FIELDS)
        form = ProgrammeForm(request.POST, instance=programme)
        if form.is_valid() and form.cleaned_data["read"] != version(before):
            form.add_error(None, "参数在您打开之后已被他人改过，没有保存。请核对后重新填写。")
        if not form.is_valid():
            return self._page(programme, form, 422)
        saved = form.save()
        if facts := difference(before, snapshot(saved, FIELDS)):
            record(saved, "parameters", "修改项目参数", request.me, request.at, facts)
        messages.success(request, "已保存。已发布的批次按发布时的参数办理，不受影响。")
        return redirect("programme")

    def _programme(self) -> Programme:
        """The programme of my organisation, if I am its officer; PermissionDenied for everybody else."""
        me = self.request.me
        owned = Programme.objects.filter(owner=me.organisation_id).select_related("owner").order_by("pk")
        programme = owned.first() if me.holds(Role.OFFICER) else None
        if programme is None:
            raise PermissionDenied("项目参数由项目主管部门的经办人维护。")
        return programme

    def _page(self, programme: Programme, form: ProgrammeForm, status: int = 200) -> HttpResponse:
        changes = Entry.objects.of(programme).filter(step="parameters").named().order_by("-pk")
        context = {"form": form, "programme": programme, "changes": changes[:20]}
        return render(self.request, "portal/programme.html", context, status=status)
