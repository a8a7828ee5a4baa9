"""外出代理: who is away names a deputy of the organisation for a period; a leader does it for whoever fell ill."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import GIVEN, TAKEN_BY, Appointment, Deputy, Role, User
from office import history
from office.models import Entry, NoticeKind
from office.notices import tell
from office.words import day

SHOWN = 20
NOBODY = "本机构没有另一位可以代办的人员，请先请账号管理人员为一位同事开立账号"


def may_be_given(me: Capacity, on: date) -> QuerySet[Appointment]:
    """The appointments for which ``me`` may name a deputy: the own ones, as leader those of the organisation."""
    whose = Q(user=me.user_id)
    if me.holds(Role.LEADER) and not me.away:
        whose |= Q(organisation=me.organisation_id)
    held = Appointment.objects.valid(on).filter(whose, role__in=GIVEN, user__is_active=True)
    return held.select_related("user", "organisation").order_by("organisation", "role", "pk")


def possible_deputies(given: QuerySet[Appointment], on: date) -> QuerySet[User]:
    """Who works for the organisations of these appointments."""
    held = Appointment.objects.valid(on).filter(
        role__in=TAKEN_BY, organisation__in=given.order_by().values("organisation")
    )
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def named(me: Capacity, on: date) -> QuerySet[Deputy]:
    """The periods that concern the person: of the own appointments, as a deputy, as leader of the organisation."""
    whose = Q(appointment__user=me.user_id) | Q(deputy=me.user_id)
    if me.holds(Role.LEADER) and not me.away:
        whose |= Q(appointment__organisation=me.organisation_id)
    return Deputy.objects.filter(whose).select_related(
        "deputy", "appointment__user", "appointment__organisation"
    )


class _Appointments(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user} · {obj}"


class DeputyForm(forms.Form):
    """Whose appointment, who acts under it, from when until when, why. Valid only inside a transaction."""

    appointment = _Appointments(Appointment.objects.none(), label="外出人及任职", empty_label="请选择")
    deputy = forms.ModelChoiceField(
        User.objects.none(), label="代办人", empty_label="请选择", help_text="须在同一机构任职"
    )
    starts = forms.DateField(label="开始日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ends = forms.DateField(
        label="结束日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), help_text="含当日，可提前结束"
    )
    reason = forms.CharField(label="原因", max_length=100, help_text="如：赴呼和浩特参加培训")

    def __init__(self, data: Any, *, me: Capacity, today: date) -> None:
        super().__init__(data, initial={"starts": today})
        self.today = today
        given = may_be_given(me, today)
        fields: dict[str, Any] = self.fields
        fields["appointment"].queryset = given
        own = [row.pk for row in given if row.user_id == me.user_id]
        deputies = possible_deputies(given, today)
        # Whoever gives the own work alone is not offered themselves.
        fields["deputy"].queryset = (
            deputies.exclude(pk=me.user_id or 0) if len(own) == len(given) else deputies
        )
        fields["deputy"].choices = [choice for choice in fields["deputy"].choices]  # noqa: C416 - list() would count first
        if len(fields["deputy"].choices) == 1:
            fields["deputy"].help_text = NOBODY
        if len(own) == 1:
            fields["appointment"].initial = own[0]

    def clean_appointment(self) -> Appointment:
        """The appointment, its row held: two who name a deputy for it come one after the other."""
        chosen: Appointment = self.cleaned_data["appointment"]
        Appointment.objects.select_for_update(no_key=True).get(pk=chosen.pk)
        return chosen

    def clean_starts(self) -> date:
        starts: date = self.cleaned_data["starts"]
        if starts < self.today:
            raise forms.ValidationError("开始日期不能早于今天，已办的事项不能事后委托。")
        return starts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "结束日期不能早于开始日期。")
        if data.get("appointment") and data.get("deputy"):
            self._check_deputy(data["appointment"], data["deputy"])
        if not self.errors:
            self._check_period(data["appointment"], data["deputy"], data["starts"], data["ends"])
        return data

    def _check_deputy(self, appointment: Appointment, deputy: User) -> None:
        held = Appointment.objects.valid(self.today).filter(user=deputy, role__in=TAKEN_BY)
        if deputy.pk == appointment.user_id:
            self.add_error("deputy", "代办人不能是外出人本人。")
        elif not held.filter(organisation=appointment.organisation_id).exists():
            self.add_error("deputy", f"{deputy}不在{appointment.organisation}任职，不能代办。")

    def _check_period(self, appointment: Appointment, deputy: User, starts: date, ends: date) -> None:
        during = Deputy.objects.filter(ended_at=None, starts__lte=ends, ends__gte=starts)
        if other := during.filter(appointment=appointment).select_related("deputy").first():
            period = f"{day(other.starts)}至{day(other.ends)}"
            self.add_error(None, f"{period}已由{other.deputy}代办，同一时间只能有一位代办人。")
        away = during.filter(
            appointment__user=deputy, appointment__organisation=appointment.organisation_id
        ).first()
        if away:
            self.add_error("deputy", f"{deputy}在{day(away.starts)}至{day(away.ends)}也外出，请另选一位。")


@transaction.atomic
def name_deputy(form: DeputyForm, me: Capacity, at: datetime) -> Deputy:
    """Write what the valid ``form`` says, with an entry; the deputy is told, and who is away where another did it."""
    row = Deputy.objects.create(**form.cleaned_data)
    facts = {
        "代办人": ["", row.deputy.name],
        "期间": ["", f"{day(row.starts)}至{day(row.ends)}"],
        "原因": ["", row.reason],
    }
    entry = history.record(row.appointment, "deputy", "委托外出代理", _hand(row, me), at, facts)
    said = f"{day(row.starts)}至{day(row.ends)}，由{row.deputy}代{row.appointment.user}办理{row.appointment}的事项"
    _tell(row, entry, me, said)
    return row


@transaction.atomic
def end_deputy(pk: int, me: Capacity, at: datetime) -> Deputy:
    """End a period at once; raises Deputy.DoesNotExist (not theirs to see, or over), PermissionDenied."""
    today = timezone.localdate(at)
    Deputy.objects.select_for_update(no_key=True).get(pk=pk)
    row = named(me, today).get(pk=pk, ended_at=None, ends__gte=today)
    if me.away:
        raise PermissionDenied("请先切换到您本人的身份。")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    facts = {"代办人": [row.deputy.name, ""]}
    entry = history.record(row.appointment, "deputy", "结束外出代理", _hand(row, me), at, facts)
    _tell(row, entry, me, f"{row.deputy}代{row.appointment.user}办理{row.appointment}的事项，现已提前结束")
    return row


def _hand(row: Deputy, me: Capacity) -> Capacity:
    """Whoever arranges the own absence does it under the appointment it is about."""
    return Capacity(me.user, row.appointment) if row.appointment.user_id == me.user_id else me


def _tell(row: Deputy, entry: Entry, me: Capacity, text: str) -> None:
    people = {row.deputy_id, row.appointment.user_id} - {me.user_id or 0}
    tell(people, text, entry.at, kind=NoticeKind.RESULT, url=reverse("own-deputies"), entry=entry)
