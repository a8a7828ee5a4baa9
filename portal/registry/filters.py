"""What the registry's lists are narrowed by; the filters live in the address."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Appointment,
    Area,
    Education,
    Kind,
    Organisation,
    Principal,
    Role,
    SchoolType,
    User,
)
from office.filters import AuthorityFilter, RowFilter

YES_NO = [("1", "是"), ("0", "否")]


def initials_pattern(text: str) -> str:
    """A pattern for sort keys (syllables of pinyin, apart) that finds a name by its initials: zs → 张三."""
    return "^" + " ".join(f"{letter}[^ ]*" for letter in text.lower())


def is_letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _yes_no(name: str, label: str) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(field_name=name, label=label, choices=YES_NO, empty_label="全部")


class OrganisationFilter(RowFilter):
    kind = filters.ChoiceFilter(label="类别", choices=Kind.choices, empty_label="全部")
    parent = AuthorityFilter(label="主管部门")
    school_type = filters.ChoiceFilter(label="办学类型", choices=SchoolType.choices, empty_label="全部")
    area = filters.ChoiceFilter(label="城乡类型", choices=Area.choices, empty_label="全部")
    weak = _yes_no("weak", "薄弱学校")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def find(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        text = value.strip()
        found = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(aliases__icontains=text)
        found |= Q(school_code__startswith=text) | Q(code__startswith=text)
        return rows.filter(found | Q(initials__startswith=text.lower()) if is_letters(text) else found)


class PersonFilter(RowFilter):
    is_active = _yes_no("is_active", "可登录")

    class Meta:
        model = User
        fields: list[str] = []

    def find(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        text = value.strip()
        found = Q(name__icontains=text) | Q(username__icontains=text)
        return rows.filter(found | Q(sort_key__regex=initials_pattern(text)) if is_letters(text) else found)


class AppointmentFilter(RowFilter):
    role = filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label="全部")
    valid = filters.ChoiceFilter(
        label="状态", method="in_force", choices=[("1", "在任"), ("0", "已结束")], empty_label="全部"
    )

    class Meta:
        model = Appointment
        fields: list[str] = []

    def find(self, rows: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        text = value.strip()
        found = Q(user__name__icontains=text) | Q(organisation__name__icontains=text)
        if is_letters(text):
            found |= Q(user__sort_key__regex=initials_pattern(text))
            found |= Q(organisation__initials__startswith=text.lower())
        return rows.filter(found)

    def in_force(self, rows: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        over = Q(ends__lt=timezone.localdate(self.at))
        return rows.exclude(over) if value == "1" else rows.filter(over)


class PrincipalFilter(RowFilter):
    county = AuthorityFilter(field_name="school__parent", label="主管部门")
    school_type = filters.ChoiceFilter(
        field_name="school__school_type", label="办学类型", choices=SchoolType.choices, empty_label="全部"
    )
    head = _yes_no("head", "正职")
    famous = _yes_no("famous", "市级名校长")
    education = filters.ChoiceFilter(label="学历", choices=Education.choices, empty_label="全部")
    account = filters.ChoiceFilter(
        label="账号", method="with_account", choices=[("1", "已建立"), ("0", "未建立")], empty_label="全部"
    )

    class Meta:
        model = Principal
        fields: list[str] = []

    def find(self, rows: QuerySet[Principal], name: str, value: str) -> QuerySet[Principal]:
        text = value.strip()
        found = Q(name__icontains=text) | Q(school__name__icontains=text)
        return rows.filter(found | Q(sort_key__regex=initials_pattern(text)) if is_letters(text) else found)

    def with_account(self, rows: QuerySet[Principal], name: str, value: str) -> QuerySet[Principal]:
        return rows.filter(user__isnull=value == "0")
