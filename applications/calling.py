"""Laying out a call: a new draft with its number, and changes to a draft that nobody else has changed meanwhile."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms.models import model_to_dict

from accounts.capacity import Capacity
from applications import call_forms
from applications.models import Call, CallState
from office.documents import next_number
from office.door import begin
from office.history import record
from office.words import moment
from programmes.models import Programme


class Overtaken(Exception):
    """The draft was changed elsewhere since it was read."""


class Closed(Exception):
    """The call is no longer a draft."""


class CallForms:
    """The four parts of the form of a call, shown or checked together."""

    def __init__(
        self,
        call: Call,
        programme: Programme,
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        materials: list[dict[str, Any]] | None = None,
    ) -> None:
        self.form = call_forms.CallForm(data, instance=call, programme=programme, initial=initial)
        self.places = call_forms.places_form(data, call)
        self.grid = call_forms.QuotaGrid(programme.owner, call_forms.held_quotas(call), data)
        rows = (
            materials
            if materials is not None
            else list(call.materials.values("key", "label", "by", "required", "hint"))
        )
        self.materials = call_forms.material_formset(data, rows)

    def is_valid(self) -> bool:
        """Whether all parts may be kept as they are."""
        parts = [
            self.form.is_valid(),
            self.places.is_valid(),
            self.materials.is_valid(),
            not self.grid.errors,
        ]
        return all(parts)

    def save_parts(self, call: Call) -> None:
        """Write what stands beside the call's own columns."""
        call_forms.save_places(call, self.places.cleaned_data)
        call_forms.save_quotas(call, self.grid.values())
        call_forms.save_materials(call, self.materials)


def fresh_number(programme: Programme, at: datetime) -> str:
    """The next number of a call, from the series of the programme's owner and the year of ``at``."""
    year = at.astimezone().year
    return f"{programme.number_prefix}{year}-{next_number(programme.owner, year, 'call')}"


@transaction.atomic
def create(forms: CallForms, programme: Programme, me: Capacity, at: datetime) -> Call:
    """A new draft of ``programme`` from valid ``forms``; its number is the programme's year and a serial."""
    call: Call = forms.form.save(commit=False)
    call.programme = programme
    call.number = fresh_number(programme, at)
    begin(call, me, at, "拟定批次")
    forms.save_parts(call)
    return call


@transaction.atomic
def change(forms: CallForms, pk: int, read: str, me: Capacity, at: datetime) -> Call:
    """Keep valid ``forms`` as the draft; ``read`` is the stamp of what was shown. Raises Closed or Overtaken."""
    held = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if held.state != CallState.DRAFT:
        raise Closed
    if stamp(held) != read:
        raise Overtaken
    before = _said(held)
    call: Call = forms.form.save(commit=False)
    call.save(update_fields=list(forms.form.fields))
    forms.save_parts(call)
    after = _said(call)
    facts = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if facts:
        record(call, "change", "修改批次", me, at, facts)
    return call


def stamp(call: Call) -> str:
    """What tells whether a draft is still as it was read."""
    held = [
        model_to_dict(call),
        list(call.places.order_by("stage").values_list("stage", "number")),
        list(call.quotas.order_by("authority", "stage").values_list("authority", "stage", "number")),
        list(call.materials.values_list("key", "label", "by", "required", "hint")),
    ]
    return hashlib.sha256(json.dumps(held, cls=DjangoJSONEncoder).encode()).hexdigest()[:16]


def _said(call: Call) -> dict[str, str]:
    """The draft in words, by label: what a change says in the history."""
    found = {}
    for name in call_forms.CallForm.Meta.fields:
        value = getattr(call, name)
        label = str(Call._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        found[label] = moment(value) if isinstance(value, datetime) else "" if value is None else str(value)
    found["拟建数量"] = "、".join(str(row) for row in call.places.order_by("stage"))
    quotas = call.quotas.select_related("authority").order_by("authority__code", "stage")
    found["推荐名额"] = "、".join(
        f"{row.authority.label}{row.get_stage_display() or '合计'} {row.number}" for row in quotas
    )
    found["申报材料"] = "、".join(
        f"{row.label}{'（必需）' if row.required else ''}" for row in call.materials.all()
    )
    return found
