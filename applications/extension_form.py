"""The form of the step 延期."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from applications.call_forms import MomentField, authorities_of, row_label
from applications.dates import NAMES
from applications.extending import COMMON, LABELS, Planned
from applications.models import Call
from office.words import moment


class ExtensionForm(forms.Form):
    """For whom, and until when; what is left empty stays. ``cleaned_data["planned"]`` is what the step sets."""

    whose = forms.ChoiceField(label="范围", required=False)

    def __init__(self, case: Call, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.authorities = {str(each.pk): each for each in authorities_of(case)}
        named = [(key, row_label(each, case.programme.owner)) for key, each in self.authorities.items()]
        self.fields["whose"].choices = [("", "全部旗县区和市直"), *named]  # type: ignore[attr-defined]
        for name in (*NAMES, *COMMON):
            common = "，各旗县区共用" if name in COMMON else ""
            self.fields[name] = MomentField(
                whole=time.max,
                label=LABELS[name],
                required=False,
                help_text=f"现为{moment(getattr(case, name))}{common}；不填则不变",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        dates = {name: given[name] for name in (*NAMES, *COMMON) if given.get(name)}
        return {"planned": Planned(self.authorities.get(given.get("whose", "")), dates)}
