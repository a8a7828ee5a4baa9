"""The calendar of activities: a month, of a studio, a county or all one sees (UI: what is due on my calendar)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from office.requests import Request
from studios.flows import ACTIVITY
from studios.models import Activity
from studios.views.activities import ActivityFilter, sees_work

FILTERS = ("studio", "county", "duty")


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
        rows = ACTIVITY.seen(request.me).filter(starts_at__gte=begin, starts_at__lt=end)
        query = QueryDict(mutable=True)
        query.update({name: request.GET[name] for name in FILTERS if request.GET.get(name)})
        chosen = ActivityFilter(query, rows.order_by("starts_at", "pk"), me=request.me, at=request.at)
        found = chosen.qs if chosen.is_valid() else rows.none()
        shown = found.select_related("studio", "organiser").prefetch_related("schools")
        context = {
            "days": days_of(shown.defer("report", "purpose")),
            "first": first,
            "month": f"{first:%Y-%m}",
            "before": f"{first - timedelta(days=1):%Y-%m}",
            "after": f"{following:%Y-%m}",
            "fields": [chosen.form[name] for name in FILTERS],
        }
        return render(request, "studios/calendar.html", context)
