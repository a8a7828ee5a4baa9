"""The calendar of activities: a month, of a studio, a county or all one sees (UI: what is due on my calendar)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Organisation
from accounts.statements import Given
from office.asking import ask
from office.filters import authorities_offered
from office.requests import Request
from studios.flows import ACTIVITY
from studios.models import Activity, Duty
from studios.views.activities import of_county, of_studio, sees_work, studios_offered

SHOWN = ("title", "duty", "form", "place", "starts_at", "state", "studio__name", "organiser__name")
# What narrows the month: a condition for each field of the form.
NARROWED = {"studio": of_studio, "county": of_county, "duty": lambda duty: Q(duty=duty)}


class Narrowing(forms.Form):
    """A studio that ``me`` holds, a county, a duty; nothing chosen narrows nothing."""

    studio = forms.TypedChoiceField(label="工作室", required=False, coerce=int, empty_value=None)
    county = forms.TypedChoiceField(label="旗县区", required=False, coerce=int, empty_value=None)
    duty = forms.ChoiceField(label="职责", required=False)

    def __init__(self, data: QueryDict, me: Capacity) -> None:
        super().__init__(data)
        choices = {
            "studio": ask(studios_offered, me, None),
            "county": ask(authorities_offered, me, None),
            "duty": Duty.choices,
        }
        for name, found in choices.items():
            self.fields[name].choices = [("", settings.FILTERS_EMPTY_CHOICE_LABEL), *found]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any] | None:
        """What was chosen, by field; None where a choice does not exist."""
        if not self.is_valid():
            return None
        return {name: value for name, value in self.cleaned_data.items() if value}


def _month(me: Capacity, at: datetime, *narrowed: str) -> QuerySet[Activity]:
    """What begins between ``begin`` and ``end`` of what ``me`` sees, with the schools it is for."""
    rows = ACTIVITY.seen(me).filter(starts_at__gte=Given("begin"), starts_at__lt=Given("end"))
    for name in narrowed:
        rows = rows.filter(NARROWED[name](Given(name)))
    schools = Prefetch("schools", Organisation.objects.only("name", "area", "weak"), to_attr="helped")
    shown = rows.select_related("studio", "organiser").only(*SHOWN).prefetch_related(schools)
    return shown.order_by("starts_at", "pk")


def month_of(words: str, today: date) -> date:
    """The first day of the month written 2027-05, else of the month of ``today``."""
    try:
        return date.fromisoformat(f"{words}-01")
    except ValueError:
        return today.replace(day=1)


def days_of(rows: Iterable[Activity]) -> list[dict[str, Any]]:
    """The days on which something begins, each with its activities."""
    return [
        {"day": day, "activities": list(group)}
        for day, group in groupby(rows, key=lambda row: timezone.localtime(row.starts_at).date())
    ]


class CalendarView(LoginRequiredMixin, View):
    """GET ``month`` (2027-05), ``studio``, ``county``, ``duty``."""

    http_method_names = ["get"]

    def get(self, request: Request) -> HttpResponse:
        if not sees_work(request.me):
            raise PermissionDenied
        first = month_of(request.GET.get("month", ""), timezone.localdate(request.at))
        following = (first + timedelta(days=32)).replace(day=1)
        begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, following))
        form = Narrowing(request.GET, request.me)
        chosen = form.chosen()
        shown = (
            [] if chosen is None else ask(_month, request.me, None, *chosen, begin=begin, end=end, **chosen)
        )
        context = {
            "days": days_of(shown),
            "first": first,
            "month": f"{first:%Y-%m}",
            "before": f"{first - timedelta(days=1):%Y-%m}",
            "after": f"{following:%Y-%m}",
            "fields": list(form),
        }
        return render(request, "studios/calendar.html", context)
