"""The form of a step: the columns that whoever takes it fills in."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.db.models import DateField, DateTimeField, Field
from django.forms.models import modelform_factory

from office.flow import Flow, Missing, Step

ASIDE_FORMATS = {DateTimeField: ("datetime-local", "%Y-%m-%dT%H:%M"), DateField: ("date", "%Y-%m-%d")}


def _native_dates(column: Field[Any, Any], **options: Any) -> forms.Field | None:
    """The form field of a column; days and moments are picked in the browser's own control."""
    for kind, (control, shape) in ASIDE_FORMATS.items():
        if isinstance(column, kind):
            widget = forms.DateTimeInput if kind is DateTimeField else forms.DateInput
            options["widget"] = widget(attrs={"type": control}, format=shape)
            break
    return column.formfield(**options)


def step_form(
    flow: Flow, step: Step, case: Any, data: Any = None, *, prefix: str | None = None
) -> forms.BaseForm | None:
    """The form of ``step`` on ``case`` (which stays as it is), filled from ``data``; None when it has no fields.

    Its controls carry the step's name in their ids, because several steps stand on one page.
    """
    if not step.fields:
        return None
    if step.form:
        return step.form(case, data, auto_id=f"id_{step.name}_%s")
    form_class = modelform_factory(flow.model, fields=step.fields, formfield_callback=_native_dates)
    form = form_class(data, instance=copy(case), prefix=prefix, auto_id=f"id_{step.name}_%s")
    if data is None:
        # Only what is shown: of what comes back empty the step's own rule speaks, with its article.
        for name in step.asked:
            form.fields[name].required = True
    return form


def form_lacks(form: forms.BaseForm | None) -> list[Missing]:
    """What an invalid form lacks, as the door's refusal says it; nothing for a valid form or none."""
    if form is None or form.is_valid():
        return []
    labels = {name: field.label for name, field in form.fields.items()}
    return [
        Missing(f"{labels[name]}：{message}" if name in labels else str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
