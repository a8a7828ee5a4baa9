"""Advice (Art. 8-4): written by the studio, routed to a person of the owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, User
from office.door import begin
from office.history import record
from studios.models import Advice, AdviceState, Studio, StudioYear
from studios.scopes import OFFICES
from studios.scopes.people import drafter


class AdviceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is proposed, as a proposal or as a survey report."""

    class Meta:
        model = Advice
        fields = ("kind", "title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 14})}


class RouteForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who deals with it: one of the owner's people today."""

    handler = forms.ModelChoiceField(queryset=User.objects.none(), label="承办人")

    class Meta:
        model = Advice
        fields = ("handler",)

    def __init__(self, case: Advice, data: Any = None, *, auto_id: str) -> None:
        super().__init__(data, auto_id=auto_id)
        today = timezone.localdate()
        there = Appointment.objects.valid(today).filter(
            organisation=case.studio.programme.owner_id, role__in=OFFICES
        )
        rows = User.objects.filter(pk__in=there.values("user"), is_active=True)
        self.fields["handler"].queryset = rows.order_by("sort_key", "pk")  # type: ignore[attr-defined]


def year_at(studio: Studio, at: datetime) -> StudioYear:
    """The studio year of the day: the one that lasts, before the first the first, after the last the last."""
    years = StudioYear.objects.filter(term__studio=studio).order_by("-starts")
    begun = years.filter(starts__lte=timezone.localdate(at)).first()
    return begun or years.reverse()[0]


@transaction.atomic
def draft_advice(studio: Studio, advice: Advice, me: Capacity, at: datetime) -> Advice:
    """Begin a draft for the studio; raises PermissionDenied for whoever does not write for it."""
    if not Studio.objects.filter(drafter("")(me), pk=studio.pk).exists():
        raise PermissionDenied("由领衔人或受托的助理起草。")
    advice.studio, advice.year = studio, year_at(studio, at)
    begin(advice, me, at, "起草")
    return advice


@transaction.atomic
def keep_draft(pk: int, values: dict[str, Any], me: Capacity, at: datetime) -> bool:
    """Keep what was changed in a draft; False when it has been sent meanwhile, and nothing is written."""
    advice = Advice.objects.select_for_update(no_key=True).get(pk=pk)
    if advice.state != AdviceState.DRAFT:
        return False
    for name, value in values.items():
        setattr(advice, name, value)
    advice.save(update_fields=[*values])
    record(advice, "edit", "修改草稿", me, at)
    return True
