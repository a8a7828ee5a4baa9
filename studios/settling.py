"""What becomes of a studio that is not complete when its time to prepare is over: the owner extends or closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from office.door import Act
from studios.changing import propose
from studios.models import ChangeKind, Studio, StudioChange

CHOICES = ((ChangeKind.EXTEND, "延长组建期"), (ChangeKind.CLOSE, "终止工作室"))


@dataclass(frozen=True)
class Settling:
    """What the owner's officer proposes: more time, until ``until``, or an end."""

    kind: ChangeKind
    until: date | None

    def facts(self, case: Studio) -> dict[str, Any]:
        """What history keeps of it."""
        said = {"拟办": self.kind.label}
        return said | {"延长至": self.until.isoformat()} if self.until else said


class SettlingForm(forms.Form):
    """Longer, and until when, or closed."""

    kind = forms.ChoiceField(label="拟办", choices=CHOICES, widget=forms.RadioSelect)
    until = forms.DateField(
        label="延长至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, case: Studio, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind, until = given.get("kind"), given.get("until")
        if kind == ChangeKind.EXTEND and not until:
            self.add_error("until", "请填写延长至哪一天。")
        if not kind:
            return given
        extends = kind == ChangeKind.EXTEND
        return {"settling": Settling(ChangeKind(kind), until if extends else None)}


def settle(studio: Studio, act: Act) -> None:
    """Bring what was chosen before the owner's leader."""
    chosen: Settling = studio.settling  # type: ignore[attr-defined]
    change = StudioChange(studio=studio, kind=chosen.kind, until=chosen.until, reason=act.opinion)
    propose(change, act.me, act.at, cause=act.entry)
