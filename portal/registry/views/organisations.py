"""Organisations: list, record, form."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.capacity import Capacity
from accounts.models import Appointment, Organisation
from office import history
from office.lists import Column, RowList
from office.requests import Request
from office.words import day
from portal.registry.changes import difference, snapshot, version
from portal.registry.filters import OrganisationFilter
from portal.registry.forms import ORGANISATION_FIELDS, OrganisationForm
from portal.registry.scopes import (
    editable_organisations,
    keeps_some,
    sees_principals,
    visible_organisations,
)
from portal.registry.succession import hand_over, left_behind

from .base import detail_page, form_page, found, opened_to, saving


@require_safe
@opened_to(lambda me: keeps_some(me) or sees_principals(me))
def index(request: Request) -> HttpResponse:
    """The registry begins with what this capacity sees first."""
    return redirect("registry:organisations" if keeps_some(request.me) else "registry:principals")


class OrganisationList(RowList):
    filterset_class = OrganisationFilter
    template_name = "registry/organisations.html"
    title = "机构名录"
    unit = "个"
    default_sort = "name"
    columns = (
        Column("name", "名称", lambda row: row.name, ("sort_key",)),
        Column("short_name", "简称", lambda row: row.short_name, page=False),
        Column("kind", "类别", lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column(
            "parent",
            "主管部门",
            lambda row: row.parent.label if row.parent else "",
            ("parent__sort_key", "sort_key"),
        ),
        Column("code", "行政区划代码", lambda row: row.code or "", page=False),
        Column(
            "school_code", "学校标识码", lambda row: row.school_code or "", ("school_code", "code"), "figure"
        ),
        Column(
            "school_type", "办学类型", lambda row: row.get_school_type_display(), ("school_type", "sort_key")
        ),
        Column("area", "城乡", lambda row: row.get_area_display(), ("area", "sort_key")),
        Column("weak", "薄弱", lambda row: row.weak),
        Column("contact", "联系人", lambda row: row.contact),
        Column("contact_phone", "联系电话", lambda row: row.contact_phone, page=False),
    )

    def open_to(self, me: Capacity) -> bool:
        return keeps_some(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Organisation]:
        return Organisation.objects.filter(visible_organisations(me)).select_related("parent")


@require_safe
@opened_to(keeps_some)
def organisation(request: Request, pk: int) -> HttpResponse:
    """One organisation: its facts, who holds which office today, its history."""
    rows = Organisation.objects.select_related("parent", "succeeded_by")
    counted = rows.annotate(
        schools=Count("children", filter=Q(children__kind="school"), distinct=True),
    )
    row = found(counted, visible_organisations(request.me), pk)
    today = timezone.localdate(request.at)
    held = Appointment.objects.valid(today).filter(organisation=row).select_related("user")
    return detail_page(
        request,
        "registry/organisation.html",
        row,
        {
            "details": _details(row),
            "appointments": held.order_by("role", "user__sort_key"),
            "left_behind": left_behind(row) if row.succeeded_by else (),
            "may_edit": Organisation.objects.filter(editable_organisations(request.me), pk=pk).exists(),
        },
    )


def _details(row: Any) -> list[dict[str, Any]]:
    shown = [
        ("简称", row.short_name),
        ("别称", row.aliases),
        ("类别", row.get_kind_display()),
        ("主管部门", str(row.parent) if row.parent else ""),
        ("区划代码", row.code),
        ("标识码", row.school_code),
        ("办学类型", row.get_school_type_display()),
        ("城乡类型", row.get_area_display()),
        ("薄弱学校", "是" if row.weak else ""),
        ("下属学校", f"{row.schools} 所" if row.schools else ""),
        ("联系人", row.contact),
        ("联系电话", row.contact_phone),
        ("并入", f"{row.succeeded_by}（{day(row.succeeded_on)}）" if row.succeeded_by else ""),
    ]
    return [{"label": label, "value": value} for label, value in shown if value]


@opened_to(keeps_some)
@saving
def organisation_new(request: Request) -> HttpResponse:
    """Enter an organisation."""
    form = OrganisationForm(request.POST or None, me=request.me)

    def save() -> str:
        row = form.save()
        facts = difference({}, snapshot(row, ORGANISATION_FIELDS))
        history.record(row, "create", "新增机构", request.me, request.at, facts)
        return reverse("registry:organisation", args=[row.pk])

    back = ("机构", reverse("registry:organisations"))
    return form_page(request, form, title="新增机构", back=back, save=save)


@opened_to(keeps_some)
@saving
def organisation_edit(request: Request, pk: int) -> HttpResponse:
    """Change an organisation; what changed is an entry of its history."""
    row = found(Organisation, editable_organisations(request.me), pk, lock=request.method == "POST")
    before = snapshot(row, ORGANISATION_FIELDS)
    form = OrganisationForm(request.POST or None, instance=row, me=request.me)
    address = reverse("registry:organisation", args=[pk])

    def save() -> str:
        facts = difference(before, snapshot(form.save(), ORGANISATION_FIELDS))
        if facts:
            entry = history.record(row, "change", "变更机构信息", request.me, request.at, facts)
            hand_over(row, request.me, request.at, entry)
        return address

    back = (str(row), address)
    return form_page(
        request, form, title=f"修改 {before['名称'][1]}", back=back, save=save, version=version(before)
    )
