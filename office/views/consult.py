"""征求意见 on a case: whom to ask, and what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Appointment
from office.consulting import consult, is_interested, may_consult, possible_colleagues
from office.flow import Flow
from office.models import Consultation, ConsultationState
from office.pages import page_of
from office.requests import Request
from office.views.case import find_case


class _Colleagues(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user}（{obj.get_role_display()}）"


class ConsultForm(forms.Form):
    """A colleague and a question."""

    colleague = _Colleagues(
        Appointment.objects.none(),
        label="征求谁的意见",
        empty_label="请选择",
        help_text="本机构的人员；答复之前可以查看本件",
    )
    question = forms.CharField(label="征求事项", max_length=500, widget=forms.Textarea({"rows": 4}))

    def __init__(self, data: Any, *, flow: Flow, case: Any, me: Capacity, today: date) -> None:
        super().__init__(data)
        self.flow, self.case = flow, case
        fields: dict[str, Any] = self.fields
        fields["colleague"].queryset = possible_colleagues(me, today)

    def clean_colleague(self) -> Appointment:
        asked: Appointment = self.cleaned_data["colleague"]
        if is_interested(self.flow, self.case, asked):
            raise forms.ValidationError(f"{asked.user}与本件有利害关系，不能征求其意见。")
        open_ones = Consultation.objects.about(self.case, asked.organisation_id)
        if open_ones.filter(colleague=asked, state=ConsultationState.ASKED).exists():
            raise forms.ValidationError(f"已向{asked.user}征求意见，尚未答复。")
        return asked


class ConsultView(LoginRequiredMixin, View):
    """GET: whom to ask, and what. POST: ask, and back to the case. 404 not visible, 403 not with the person."""

    request: Request
    flow: Flow = None  # type: ignore[assignment]  # given by as_view

    def get(self, request: Request, key: str) -> HttpResponse:
        return self._page(*self._form(key, None))

    def post(self, request: Request, key: str) -> HttpResponse:
        case, form = self._form(key, request.POST)
        if not form.is_valid():
            return self._page(case, form, 422)
        asked = form.cleaned_data["colleague"]
        consult(self.flow, case.pk, asked, form.cleaned_data["question"], request.me, request.at)
        messages.success(request, f"已向{asked.user}征求意见，答复后有消息提示。")
        return redirect(case.get_absolute_url())

    def _form(self, key: str, data: Any) -> tuple[Any, ConsultForm]:
        me, today = self.request.me, timezone.localdate(self.request.at)
        case = find_case(self.flow, key, self.request)
        if not may_consult(self.flow, case, me):
            raise PermissionDenied("本件现在不由您办理，不能就它征求意见。")
        return case, ConsultForm(data, flow=self.flow, case=case, me=me, today=today)

    def _page(self, case: Any, form: ConsultForm, status: int = 200) -> HttpResponse:
        title = page_of(self.flow.name).title(case)
        context = {
            "form": form,
            "form_title": "征求意见",
            "form_crumbs": [{"label": title, "url": case.get_absolute_url()}],
            "formsets": [],
        }
        return render(self.request, "office/consult.html", context, status=status)
