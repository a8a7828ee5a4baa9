"""The schedule of holidays and make-up working days, kept by the officers of the bureau for all programmes.

The State Council announces it year by year; working days (publicity, mending, answers) are counted by it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from office.history import record
from office.requests import Request
from office.sheets import download
from office.words import day
from portal.registry.holiday_roster import own_programme
from programmes.models import Holiday, Programme

LONGEST = 15  # days entered at once
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HolidayForm(forms.Form):
    """One day, or several in a row."""

    first = forms.DateField(label="起始日期", widget=DAY)
    last = forms.DateField(label="结束日期", required=False, widget=DAY, help_text="只有一天的不填")
    worked = forms.ChoiceField(
        label="安排",
        choices=[("", "放假"), ("worked", "周末调休上班")],
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称", max_length=40, help_text="如：元旦、春节、国庆节调休")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last") or given.get("first")
        if first and last and not first <= last < first + timedelta(days=LONGEST):
            self.add_error("last", f"结束日期应不早于起始日期，一次最多录入 {LONGEST} 天。")
        return given

    def days(self) -> list[date]:
        """Every day of a valid form."""
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


class _Holidays(LoginRequiredMixin, View):
    """Open to the officers of the bureau."""

    request: Request

    def programme(self) -> Programme:
        """The programme of ``me``, whose history keeps the changes; PermissionDenied for everybody else."""
        programme = own_programme(self.request.me)
        if programme is None:
            raise PermissionDenied("节假日安排由市教育局的经办人录入。")
        return programme


class HolidayList(_Holidays):
    """GET: a year's schedule and the form, or its Excel (``export=xlsx``); POST: add days."""

    def get(self, request: Request) -> HttpResponse | FileResponse:
        self.programme()
        if request.GET.get("export") == "xlsx":
            year = self._year()
            days = Holiday.objects.filter(day__year=year)
            rows = [[row.name, row.day, "上班" if row.worked else "放假"] for row in days]
            return download(f"{year}年节假日安排", "节假日", ["名称", "日期", "安排"], rows)
        return self._page(HolidayForm(), self._year())

    def post(self, request: Request) -> HttpResponse:
        programme = self.programme()
        form = HolidayForm(request.POST)
        if not form.is_valid():
            return self._page(form, self._year(), 422)
        with transaction.atomic():
            self._add(programme, form)
        messages.success(request, f"已录入 {len(form.days())} 天。")
        return redirect(f"{reverse('holidays')}?year={form.cleaned_data['first'].year}")

    def _add(self, programme: Programme, form: HolidayForm) -> None:
        worked, name = bool(form.cleaned_data["worked"]), form.cleaned_data["name"]
        before = {row.day: _words(row) for row in Holiday.objects.filter(day__in=form.days())}
        facts = {}
        for when in form.days():
            row, _ = Holiday.objects.update_or_create(day=when, defaults={"worked": worked, "name": name})
            facts[day(when)] = [before.get(when, ""), _words(row)]
        record(programme, "holidays", "录入节假日", self.request.me, self.request.at, facts)

    def _year(self) -> int:
        asked = self.request.GET.get("year", "")
        return (
            int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate(self.request.at).year
        )

    def _page(self, form: HolidayForm, year: int, status: int = 200) -> HttpResponse:
        context = {"form": form, "year": year, "days": list(Holiday.objects.filter(day__year=year))}
        return render(self.request, "portal/holidays.html", context, status=status)


class RemoveHoliday(_Holidays):
    """POST: take a day off the schedule."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: Request, pk: int) -> HttpResponse:
        programme = self.programme()
        row = Holiday.objects.filter(pk=pk).first()
        if row is None:
            raise Http404("这一天不在安排中。")
        record(programme, "holidays", "移除节假日", request.me, request.at, {day(row.day): [_words(row), ""]})
        row.delete()
        messages.success(request, f"已移除 {day(row.day)}。")
        return redirect(f"{reverse('holidays')}?year={row.day.year}")


def _words(row: Holiday) -> str:
    return f"{row.name}（{'上班' if row.worked else '放假'}）"
