"""Appointments: list, opening one, ending one."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, User
from office import history
from office.lists import Column, RowList
from office.requests import Request
from portal.registry.filters import AppointmentFilter
from portal.registry.forms import AppointmentForm, EndForm
from portal.registry.scopes import editable_appointments, keeps_some, visible_appointments, visible_users

from .base import form_page, found, opened_to, saving
from .people import place_named


class AppointmentList(RowList):
    filterset_class = AppointmentFilter
    template_name = "registry/appointments.html"
    title = "任职名录"
    unit = "项"
    default_sort = "user"
    columns = (
        Column("user", "姓名", lambda row: row.user.name, ("user__sort_key",)),
        Column("username", "用户名", lambda row: row.user.username, page=False),
        Column("role", "角色", lambda row: row.get_role_display(), ("role", "user__sort_key")),
        Column(
            "organisation",
            "机构",
            lambda row: row.organisation.name,
            ("organisation__sort_key", "user__sort_key"),
        ),
        Column("starts", "开始日期", lambda row: row.starts, ("starts",)),
        Column("ends", "结束日期", lambda row: row.ends, ("ends",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return keeps_some(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Appointment]:
        return Appointment.objects.filter(visible_appointments(me)).select_related("user", "organisation")

    def get_queryset(self) -> QuerySet[Appointment]:
        """Each row of the page has ``may_end``: it is in force, mine to end, and not my own."""
        me, today = self.request.me, timezone.localdate(self.request.at)
        mine = Appointment.objects.valid(today).filter(editable_appointments(me), pk=OuterRef("pk"))
        may_end = ExpressionWrapper(Q(Exists(mine)) & ~Q(user=me.user_id), BooleanField())
        return super().get_queryset().annotate(may_end=may_end)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = {
            "name": "end",
            "label": "结束任职",
            "url": reverse("registry:appointments_end"),
            "tone": "danger",
        }
        return super().get_context_data(**kwargs) | {"batch_steps": [step]}


@opened_to(keeps_some)
@saving
def appointment_new(request: Request, pk: int) -> HttpResponse:
    """Give the person ``pk`` a further appointment."""
    user = found(User, visible_users(request.me), pk)
    if user.pk == request.me.user_id:
        raise Http404
    fresh = Appointment(user=user)
    form = AppointmentForm(request.POST or None, instance=fresh, me=request.me, initial=place_named(request))
    address = reverse("registry:person", args=[pk])

    def save() -> str:
        row = form.save()
        facts = {"任职": ["", str(row)], "开始日期": ["", row.starts.isoformat()]}
        history.record(user, "appoint", "任职开始", request.me, request.at, facts)
        return address

    return form_page(request, form, title=f"{user}：新增任职", back=(str(user), address), save=save)


@opened_to(keeps_some)
@saving
def appointment_end(request: Request, pk: int) -> HttpResponse:
    """Set the last day of an appointment; access under it ends with that day."""
    kept = Appointment.objects.select_related("user", "organisation").exclude(user=request.me.user_id)
    row = found(kept, editable_appointments(request.me), pk, lock=request.method == "POST")
    old = row.ends.isoformat() if row.ends else ""
    initial = {"ends": row.ends or timezone.localdate(request.at)}
    form = EndForm(request.POST or None, instance=row, initial=initial)
    address = reverse("registry:person", args=[row.user_id])

    def save() -> str:
        form.save()
        facts = {"任职": str(row), "结束日期": [old, row.ends.isoformat()]}
        history.record(row.user, "end", "任职结束", request.me, request.at, facts)
        return address

    return form_page(
        request, form, title=f"{row.user}：结束任职（{row}）", back=(str(row.user), address), save=save
    )
