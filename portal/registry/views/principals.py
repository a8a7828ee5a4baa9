"""Principals' records: list, record with personal data on demand, form, account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.capacity import Capacity
from accounts.models import Principal, Role
from office import history
from office.lists import Column, RowList
from office.requests import Request
from office.words import month
from portal.registry.changes import difference, snapshot, version
from portal.registry.filters import PrincipalFilter
from portal.registry.forms import PRINCIPAL_FIELDS, AccountForm, PrincipalForm
from portal.registry.openings import Usernames, link_account
from portal.registry.scopes import (
    editable_principals,
    keeps_principals,
    may_unmask_identity,
    may_unmask_phone,
    sees_principals,
    visible_principals,
)
from studios.flows import members_change_school

from .base import detail_page, form_page, found, opened_to, saving
from .people import create_account, password_page

NAMES = [*PRINCIPAL_FIELDS, "head"]
REVEALED = {"identity": ("身份证号", may_unmask_identity), "phone": ("手机号", may_unmask_phone)}


class PrincipalList(RowList):
    filterset_class = PrincipalFilter
    template_name = "registry/principals.html"
    title = "校长档案"
    sensitive = True
    unit = "人"
    default_sort = "name"
    columns = (
        Column("name", "姓名", lambda row: row.name, ("sort_key",)),
        Column("sex", "性别", lambda row: row.get_sex_display(), page=False),
        Column("ethnicity", "民族", lambda row: row.ethnicity, page=False),
        Column("school", "所在学校", lambda row: row.school.name, ("school__sort_key", "sort_key")),
        Column(
            "parent",
            "主管部门",
            lambda row: row.school.parent.label if row.school.parent else "",
            ("school__parent__sort_key", "school__sort_key"),
        ),
        Column("post", "现任职务", lambda row: row.post, ("post", "sort_key")),
        Column(
            "head_since",
            "任正职时间",
            lambda row: row.head_since and month(row.head_since),
            ("head_since", "sort_key"),
        ),
        Column("birth_month", "出生年月", lambda row: month(row.birth_month), page=False),
        Column("political_status", "政治面貌", lambda row: row.political_status, page=False),
        Column("education", "学历", lambda row: row.get_education_display(), page=False),
        Column("title", "职称", lambda row: row.title, ("title", "sort_key")),
        Column("famous", "市级名校长", lambda row: row.famous),
        Column("backbone_training", "市级以上骨干校长培训", lambda row: row.backbone_training, page=False),
        Column("training_programme", "名校长培养工程", lambda row: row.training_programme, page=False),
        Column("account", "账号", lambda row: bool(row.user_id)),
        Column("identity", "身份证号", lambda row: row.masked_identity, css="figure"),
        Column("phone", "手机号", lambda row: row.masked_phone, page=False),
    )

    def open_to(self, me: Capacity) -> bool:
        return sees_principals(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Principal]:
        return Principal.objects.filter(visible_principals(me)).select_related("school__parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not keeps_principals(self.request.me):
            return context
        step = {"name": "accounts", "label": "建立账号", "url": reverse("registry:accounts_principals")}
        return context | {"may_add": True, "batch_steps": [step]}


def _row(request: Request, pk: int, scope: Any = visible_principals) -> Principal:
    rows = Principal.objects.select_related("school__parent", "user")
    return found(rows, scope(request.me), pk, lock=request.method == "POST")


@require_safe
@opened_to(sees_principals)
def principal(request: Request, pk: int) -> HttpResponse:
    """One principal's record, personal data masked."""
    return _page(request, _row(request, pk))


def _page(request: Request, row: Principal, revealed: str = "") -> HttpResponse:
    reveals = [
        (name, label)
        for name, (label, allowed) in REVEALED.items()
        if name != revealed and getattr(row, name) and allowed(request.me, row)
    ]
    context = {
        "details": _details(row, revealed),
        "reveals": reveals,
        "basis": row.basis(),
        "may_edit": Principal.objects.filter(editable_principals(request.me), pk=row.pk).exists(),
    }
    return detail_page(request, "registry/principal.html", row, context)


def _details(row: Principal, revealed: str) -> list[dict[str, Any]]:
    shown = [
        ("性别", row.get_sex_display()),
        ("民族", row.ethnicity),
        ("出生年月", month(row.birth_month)),
        ("身份证号", row.identity if revealed == "identity" else row.masked_identity),
        ("手机号", row.phone if revealed == "phone" else row.masked_phone),
        ("政治面貌", row.political_status),
        ("学历", row.get_education_display()),
        ("职称", row.title),
        ("所在学校", row.school.name),
        ("主管部门", str(row.school.parent or "")),
        ("现任职务", f"{row.post}（{'正职' if row.head else '副职'}）"),
        ("任正职时间", month(row.head_since) if row.head_since else ""),
        ("市级名校长", "是" if row.famous else "否"),
        ("骨干培训", row.backbone_training),
        ("培养工程", row.training_programme),
        ("账号", row.user.username if row.user else "尚未建立"),
    ]
    return [{"label": label, "value": value} for label, value in shown]


@require_POST
@opened_to(sees_principals)
@saving
def principal_reveal(request: Request, pk: int) -> HttpResponse:
    """Show the identity number or the phone (``field``) once, and write down who looked."""
    row = _row(request, pk)
    name = request.POST.get("field", "")
    label, allowed = REVEALED.get(name, ("", lambda me, row: False))
    if not allowed(request.me, row):
        raise Http404
    history.record(row, "reveal", f"查看{label}", request.me, request.at)
    return _page(request, row, revealed=name)


@opened_to(keeps_principals)
@saving
def principal_new(request: Request) -> HttpResponse:
    """Enter a principal's record."""
    form = PrincipalForm(request.POST or None, me=request.me)

    def save() -> str:
        row = form.save()
        facts = difference({}, snapshot(row, NAMES))
        history.record(row, "create", "新增校长档案", request.me, request.at, facts)
        return reverse("registry:principal", args=[row.pk])

    back = ("校长档案", reverse("registry:principals"))
    return form_page(request, form, title="新增校长档案", back=back, save=save)


@opened_to(keeps_principals)
@saving
def principal_edit(request: Request, pk: int) -> HttpResponse:
    """Change a record; what is left empty of identity number and phone stays as it is."""
    row = _row(request, pk, editable_principals)
    before, school = snapshot(row, NAMES), row.school_id
    form = PrincipalForm(request.POST or None, instance=row, me=request.me)
    address = reverse("registry:principal", args=[pk])

    def save() -> str:
        facts = difference(before, snapshot(form.save(), NAMES))
        if facts:
            entry = history.record(row, "change", "变更校长档案", request.me, request.at, facts)
            if row.school_id != school:
                members_change_school(row, request.me, request.at, entry)
        return address

    title = f"修改 {before['姓名'][1]} 的档案"
    return form_page(request, form, title=title, back=(str(row), address), save=save, version=version(before))


@opened_to(keeps_principals)
@saving
def principal_account(request: Request, pk: int) -> HttpResponse:
    """Open the account of a principal who has none."""
    row = _row(request, pk, editable_principals)
    address = reverse("registry:principal", args=[pk])
    if row.user_id:
        raise Http404
    form = AccountForm(request.POST or None, initial={"username": Usernames().free(row.name)})

    def save() -> HttpResponse:
        username, today = form.cleaned_data["username"], timezone.localdate(request.at)
        user, password = create_account(request, username, row.name, "", Role.PRINCIPAL, row.school, today)
        link_account(row, user, request.me, request.at)
        return password_page(request, user, password)

    return form_page(request, form, title=f"为 {row} 建立账号", back=(str(row), address), save=save)
