"""Advisors, assistants and trainees (Art. 7): the studio's own decision, no approval; every change is an entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation, Principal, User
from office.history import record
from studios.models import MembershipState, Staff, StaffKind, Studio, StudioUserObjectPermission
from studios.scopes.people import drafter, lead

DRAFT = "draft_studio"
COLUMNS = ("name", "unit", "post", "starts", "ends", "tasks")
MORE = {StaffKind.TRAINEE: ("host", "mentor")}
LABELS = {
    "name": "姓名",
    "unit": "单位",
    "post": "职务职称",
    "starts": "开始日期",
    "ends": "结束日期",
    "tasks": "任务",
}


def writes(studio: Studio, me: Capacity) -> bool:
    """Whether ``me`` keeps the studio's people: its lead, or an assistant who may draft."""
    return Studio.objects.filter(drafter("")(me), pk=studio.pk).exists()


def leads(studio: Studio, me: Capacity) -> bool:
    """Whether ``me`` leads the studio: drafting is given by the lead alone."""
    return Studio.objects.filter(lead("")(me), pk=studio.pk).exists()


def people_of(studio: Studio, today: date) -> list[dict[str, Any]]:
    """Its people by kind, with who is still there, and whether an assistant may draft; two queries."""
    given = set(
        StudioUserObjectPermission.objects.filter(
            content_object=studio, permission__codename=DRAFT
        ).values_list("user", flat=True)
    )
    found: dict[str, list[Staff]] = {kind: [] for kind in StaffKind.values}
    for row in studio.staff.select_related("user", "school", "host", "mentor"):
        row.here = row.ends is None or row.ends >= today  # type: ignore[attr-defined]
        row.drafts = row.here and row.user_id in given  # type: ignore[attr-defined]
        found[row.kind].append(row)
    return [{"kind": kind, "label": StaffKind(kind).label, "rows": rows} for kind, rows in found.items()]


def _seats(studio: Studio) -> QuerySet[Principal]:
    """The lead and the members in their seats."""
    seated = studio.memberships.filter(state__in=MembershipState.seated).values("principal")
    return Principal.objects.filter(Q(pk=studio.lead_id) | Q(pk__in=seated)).order_by("sort_key", "pk")


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """One person: of an assistant the account, of a trainee host school and mentor; people from outside need none."""

    account = forms.CharField(
        label="用户名",
        max_length=150,
        required=False,
        help_text="有账号的助理可以获得代为起草的权限；没有可不填",
    )

    class Meta:
        model = Staff
        fields = (*COLUMNS, "host", "mentor")
        widgets = {
            "starts": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "tasks": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *, instance: Staff) -> None:
        super().__init__(data, instance=instance)
        for name in ("host", "mentor"):
            if name not in MORE.get(StaffKind(instance.kind), ()):
                del self.fields[name]
        if instance.kind == StaffKind.ASSISTANT:
            self.fields["account"].initial = instance.user.username if instance.user else ""
        else:
            del self.fields["account"]
        if instance.kind == StaffKind.TRAINEE:
            self._of_trainee(instance.studio)

    def _of_trainee(self, studio: Studio) -> None:
        people = _seats(studio)
        hosts = Organisation.objects.filter(Q(pk=studio.school_id) | Q(principals__in=people)).distinct()
        self.fields["host"].queryset = hosts.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        self.fields["mentor"].queryset = people  # type: ignore[attr-defined]
        self.fields["unit"].label, self.fields["unit"].help_text = "所在学校", "系统中的学校请写全称"
        for name in ("host", "mentor", "ends", "tasks"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "结束日期不能早于开始日期。")
        if username := given.get("account", "").strip():
            user = User.objects.filter(
                username=username, name=given.get("name", "").strip(), is_active=True
            ).first()
            if user is None:
                self.add_error("account", "没有这个账号，或者与姓名不符。")
            self.instance.user = user
        elif "account" in self.fields:
            self.instance.user = None
        return given


class EndForm(forms.Form):
    """The last day; of a placement also what came of it."""

    ends = forms.DateField(
        label="结束日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closing_note = forms.CharField(
        label="结业小结", max_length=1000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, data: Any = None, *, instance: Staff, today: date) -> None:
        ends = instance.ends if instance.ends and instance.ends < today else today
        super().__init__(data, initial={"ends": ends, "closing_note": instance.closing_note})
        self.instance = instance
        if instance.kind != StaffKind.TRAINEE:
            del self.fields["closing_note"]

    def clean_ends(self) -> date:
        ends: date = self.cleaned_data["ends"]
        if ends < self.instance.starts:
            raise forms.ValidationError("结束日期不能早于开始日期。")
        return ends


@transaction.atomic
def keep(person: Staff, me: Capacity, at: datetime) -> Staff:
    """Add the person, or keep what was changed; raises PermissionDenied for whoever does not write for the studio."""
    _may(person.studio, me, writes)
    before = Staff.objects.filter(pk=person.pk).values(*COLUMNS, "user").first() if person.pk else None
    if person.kind == StaffKind.TRAINEE:
        person.school = Organisation.objects.filter(kind=Kind.SCHOOL, name=person.unit).first()
    person.save()
    if before and before["user"] and before["user"] != person.user_id:
        _take_back(person.studio, User.objects.get(pk=before["user"]))
    label = f"{'更改' if before else '增加'}{person.get_kind_display()}"
    record(person.studio, "staff", label, me, at, _facts(before, person))
    return person


def _facts(before: Mapping[str, Any] | None, person: Staff) -> dict[str, Any]:
    facts: dict[str, Any] = {"人员": person.name}
    for name, label in LABELS.items():
        was, now = str((before or {}).get(name) or ""), str(getattr(person, name) or "")
        if was != now:
            facts[label] = [was, now]
    return facts


@transaction.atomic
def end(person: Staff, ends: date, note: str, me: Capacity, at: datetime) -> None:
    """Note the last day, with what came of a placement; an assistant whose time is over drafts no more."""
    _may(person.studio, me, writes)
    facts = {"人员": person.name, "结束日期": [str(person.ends or ""), str(ends)]}
    person.ends, person.closing_note = ends, note
    person.save(update_fields=["ends", "closing_note"])
    if person.user and ends < timezone.localdate(at):
        _take_back(person.studio, person.user)
    record(person.studio, "staff", f"结束{person.get_kind_display()}", me, at, facts, note)


@transaction.atomic
def let_draft(person: Staff, given: bool, me: Capacity, at: datetime) -> None:
    """Give the assistant the right to draft for the studio, or take it back: the lead alone.

    Raises PermissionDenied, also for whoever is no assistant with an account at the time.
    """
    _may(person.studio, me, leads)
    here = person.ends is None or person.ends >= timezone.localdate(at)
    if given and (person.kind != StaffKind.ASSISTANT or person.user is None or not here):
        raise PermissionDenied("只有在任、有账号的助理可以代为起草。")
    if person.user is None:
        return
    if given:
        assign_perm(DRAFT, person.user, person.studio)
    else:
        _take_back(person.studio, person.user)
    label = "授予代为起草权限" if given else "收回代为起草权限"
    record(person.studio, "staff", label, me, at, {"人员": person.name})


def _take_back(studio: Studio, user: User) -> None:
    remove_perm(DRAFT, user, studio)


def _may(studio: Studio, me: Capacity, asked: Any) -> None:
    if not asked(studio, me):
        raise PermissionDenied("由工作室领衔人或受托的助理办理。")
