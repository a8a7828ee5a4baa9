"""Appointments ended in bulk: which and how many, from which day on, and what became of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.capacity import Capacity
from accounts.models import Appointment
from office import history
from office.requests import Request
from portal.registry.scopes import editable_appointments, keeps_some

from .base import opened_to

LIMIT = 200


class LastDayForm(forms.Form):
    """The last day of several appointments."""

    ends = forms.DateField(
        label="最后一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="这一天过后权限停止；填昨天或更早的日期，权限立即停止",
    )


def problem(row: Appointment, ends: date) -> str:
    """Why the appointment can't end on that day, empty where it can."""
    if ends < row.starts:
        return f"结束日期早于开始日期（{row.starts:%Y-%m-%d}）"
    if row.ends and row.ends < ends:
        return f"已于 {row.ends:%Y-%m-%d} 结束"
    return ""


@require_POST
@opened_to(keeps_some)
def appointments_end(request: Request) -> HttpResponse:
    """Show the chosen appointments (``pk``); with ``confirmed`` end them on the day ``ends``, each for itself."""
    pks = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()][:LIMIT]
    rows = list(endable(request.me, pks))
    confirmed = "confirmed" in request.POST
    initial = {"ends": timezone.localdate(request.at)}
    form = LastDayForm(request.POST if confirmed else None, initial=initial)
    context: dict[str, Any] = {"rows": rows, "form": form}
    if confirmed and rows and form.is_valid():
        ends = form.cleaned_data["ends"]
        outcomes = [(row, _end(request, row.pk, ends)) for row in rows]
        done = sum(not trouble for _, trouble in outcomes)
        context |= {"outcomes": outcomes, "done": done, "refused": len(rows) - done, "ends": ends}
    status = 400 if not rows else 422 if form.errors else 200
    return render(request, "registry/appointments_end.html", context, status=status)


def endable(me: Capacity, pks: list[int]) -> Any:
    """Of these appointments those that ``me`` keeps, never one's own."""
    kept = Appointment.objects.filter(editable_appointments(me), pk__in=pks).exclude(user=me.user_id)
    return kept.select_related("user", "organisation").order_by("user__sort_key", "pk")


@transaction.atomic
def _end(request: Request, pk: int, ends: date) -> str:
    """End one; returns the problem that kept it from ending."""
    row = endable(request.me, [pk]).select_for_update(of=("self",)).first()
    if row is None:
        return "此任职不再由您管理"
    if trouble := problem(row, ends):
        return trouble
    old = row.ends.isoformat() if row.ends else ""
    row.ends = ends
    row.save(update_fields=["ends"])
    facts = {"任职": str(row), "结束日期": [old, ends.isoformat()]}
    history.record(row.user, "end", "任职结束", request.me, request.at, facts)
    return ""
