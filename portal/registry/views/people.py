"""People and their accounts: list, record, new account, switching off, a new first password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import second_factor
from accounts.capacity import Capacity
from accounts.models import Appointment, Organisation, Role, User
from accounts.passwords import first_password
from office import history
from office.lists import Column, RowList
from office.requests import Request
from portal.own.telling import tell
from portal.registry.filters import PersonFilter
from portal.registry.forms import PersonForm
from portal.registry.openings import open_account
from portal.registry.scopes import (
    editable_appointments,
    editable_users,
    keeps_some,
    visible_appointments,
    visible_organisations,
    visible_users,
)

from .base import detail_page, form_page, found, opened_to, saving


class PersonList(RowList):
    filterset_class = PersonFilter
    template_name = "registry/people.html"
    title = "人员名录"
    sensitive = True
    unit = "人"
    default_sort = "name"
    columns = (
        Column("name", "姓名", lambda row: row.name, ("sort_key",)),
        Column("username", "用户名", lambda row: row.username, ("username",)),
        Column("held", "任职", lambda row: "；".join(str(appointment) for appointment in row.held)),
        Column("active", "可登录", lambda row: row.is_active),
        Column("login", "最近登录", lambda row: row.last_login, ("last_login",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return keeps_some(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[User]:
        held = Appointment.objects.valid(timezone.localdate(at)).filter(visible_appointments(me))
        shown = Prefetch("appointments", held.select_related("organisation"), to_attr="held")
        return User.objects.filter(visible_users(me)).prefetch_related(shown)


@require_safe
@opened_to(keeps_some)
def person(request: Request, pk: int) -> HttpResponse:
    """One person: account, appointments, history."""
    row = found(User, visible_users(request.me), pk)
    seen = Appointment.objects.filter(visible_appointments(request.me), user=row).select_related(
        "organisation"
    )
    kept = set(seen.filter(editable_appointments(request.me)).values_list("pk", flat=True))
    today = timezone.localdate(request.at)
    held = [(one, one.pk in kept and (one.ends is None or one.ends >= today)) for one in seen]
    factor = second_factor.device_of(row.pk)
    context = {
        "appointments": held,
        "may_edit": User.objects.filter(editable_users(request.me), pk=pk).exists(),
        "details": [
            {"label": "用户名", "value": row.username},
            {"label": "电子邮箱", "value": row.email},
            {"label": "登录", "value": "可登录" if row.is_active else "已停用"},
            {"label": "密码", "value": "首次登录须改密码" if row.must_change_password else ""},
            {"label": "双重验证", "value": "已启用" if factor else "未启用"},
        ],
        "factor": factor,
    }
    return detail_page(request, "registry/person.html", row, context)


def create_account(
    request: Request, username: str, name: str, email: str, role: str, organisation: Organisation, starts: Any
) -> tuple[User, str]:
    """A new account with its first appointment and the entry; returns it and its first password."""
    password = first_password()
    user = open_account(
        request.me,
        request.at,
        username=username,
        name=name,
        role=role,
        organisation=organisation,
        starts=starts,
        hashed=make_password(password),
        email=email,
    )
    return user, password


def password_page(request: Request, user: User, password: str) -> HttpResponse:
    """The first password, shown this once."""
    response = render(request, "registry/first_password.html", {"person": user, "password": password})
    response["Cache-Control"] = "no-store"
    return response


@opened_to(keeps_some)
@saving
def person_new(request: Request) -> HttpResponse:
    """Open an account: person, role, organisation."""
    form = PersonForm(request.POST or None, me=request.me, initial=place_named(request))

    def save() -> HttpResponse:
        data = form.cleaned_data
        user, password = create_account(
            request,
            data["username"],
            data["name"],
            data["email"],
            data["role"],
            data["organisation"],
            data["starts"],
        )
        return password_page(request, user, password)

    back = ("人员", reverse("registry:people"))
    return form_page(request, form, title="新增人员", back=back, save=save)


def place_named(request: Request) -> dict[str, Any]:
    """The organisation named in the address, where it is one's own."""
    number = request.GET.get("organisation", "")
    seen = Organisation.objects.filter(visible_organisations(request.me))
    place = seen.filter(pk=number).first() if number.isdecimal() else None
    return {"organisation": place.name, "role": Role.OFFICER} if place else {}


@require_POST
@opened_to(keeps_some)
@saving
def person_switch(request: Request, pk: int) -> HttpResponse:
    """Switch an account off (its sessions end at once) or on again."""
    row = found(User, editable_users(request.me), pk, lock=True)
    row.is_active = request.POST.get("active") == "1"
    row.save(update_fields=["is_active"])
    words = "启用账号" if row.is_active else "停用账号"
    history.record(row, "switch", words, request.me, request.at)
    messages.success(request, f"已{words}：{row}。")
    return redirect("registry:person", pk)


@require_POST
@opened_to(keeps_some)
@saving
def person_password(request: Request, pk: int) -> HttpResponse:
    """A new first password for who has forgotten theirs; ends that person's sessions."""
    row = found(User, editable_users(request.me), pk, lock=True)
    password = first_password()
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    entry = history.record(row, "password", "重置密码", request.me, request.at)
    tell(row, entry, f"您的密码已由{request.me.name}重置，首次登录须修改。")
    return password_page(request, row, password)


@require_POST
@opened_to(keeps_some)
@saving
def person_second_factor(request: Request, pk: int) -> HttpResponse:
    """Take away the second factor of who has lost it; where it is required the next login sets up a new one."""
    row = found(User, editable_users(request.me), pk, lock=True)
    if second_factor.device_of(row.pk) is None:
        messages.error(request, f"{row}没有启用双重验证。")
        return redirect("registry:person", pk)
    second_factor.remove(row)
    entry = history.record(row, "second_factor", "解除双重验证", request.me, request.at)
    tell(row, entry, f"您的双重验证已由{request.me.name}解除。不是您本人要求的，请立即修改密码。")
    messages.success(request, f"已解除{row}的双重验证，并已告知本人。")
    return redirect("registry:person", pk)
