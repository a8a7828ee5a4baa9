"""Signing words together: nobody signs what they have not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from office.flow import Missing
from studios.models import CareerPlan


@dataclass(frozen=True)
class Read:
    """Which words stood on the page when it was signed: how often the form had been saved."""

    version: int

    def facts(self, case: CareerPlan) -> dict[str, Any]:
        """The signature itself says it; history keeps no more."""
        return {}


class ReadForm(forms.Form):
    """What the page carries along unseen."""

    read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, case: CareerPlan, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id, initial={"read": case.version})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        number = given.get("read")
        return {"read": Read(number if number is not None else -1)}


def as_read(case: CareerPlan, at: datetime) -> Iterator[Missing]:
    """The words are still those that were read."""
    read = getattr(case, "read", None)
    if read is None or read.version != case.version:
        yield Missing("规划在您打开之后又有改动，没有签署，请看过后再签", 8, here=True)
