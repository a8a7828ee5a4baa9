"""What a school fills in when it confirms its support (Art. 12): another form for the host than for a member's school."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import modelform_factory

from studios.models import SupportPledge
from studios.pledges import OF_HOST, OF_MEMBER


def pledge_form(case: SupportPledge, data: Any = None, *, auto_id: str) -> forms.BaseForm:
    """The columns of this school, filled with what was said before; a refused form leaves ``case`` as it is."""
    columns = OF_HOST if case.of_host else OF_MEMBER
    made = modelform_factory(SupportPledge, fields=columns)
    form: forms.BaseForm = made(
        data, initial={name: getattr(case, name) for name in columns}, auto_id=auto_id
    )
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 3
    return form
