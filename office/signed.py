"""纸质意见: an opinion given on paper is entered with who signed it, on which day, and its scan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Role
from office.attachments import PAPER, BadFile, Slot, Stored, check, enclose, stored
from office.flow import Step
from office.uploads import Checked

PREFIX = "paper"
SLOT = Slot(PAPER, "纸质意见扫描件", many=True)


@dataclass(frozen=True)
class Paper:
    """What stands on the paper, its scan already on the disk."""

    signatory: str
    on: date
    scan: Stored

    def keep(self, case: Any, me: Capacity, at: datetime) -> dict[str, Any]:
        """Put the scan with ``case`` (its row locked); returns what the entry of the step keeps."""
        attachment = enclose(case, self.scan, SLOT, me, at)
        return {"signatory": self.signatory, "on": self.on.isoformat(), "attachment": attachment.pk}


class PaperForm(forms.Form):
    """Who signed, when, and the scan; valid with all three."""

    signatory = forms.CharField(label="签字人", max_length=40)
    on = forms.DateField(label="签字日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    scan = forms.FileField(label="扫描件", help_text="PDF 或图片，不超过 20 MB")
    use_required_attribute = False  # the fold may stay closed

    prefix = PREFIX

    def __init__(self, data: Any = None, files: Any = None, *, at: datetime, auto_id: str) -> None:
        super().__init__(data, files, auto_id=auto_id)
        self.today = timezone.localdate(at)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError("签字日期不能晚于今天。")
        return on

    def clean_scan(self) -> Checked:
        try:
            return check(self.cleaned_data["scan"])
        except BadFile as problem:
            raise forms.ValidationError(str(problem)) from problem

    @contextmanager
    def paper(self) -> Iterator[Paper]:
        """What the valid form says, for the time of the step; the scan is gone again where the step isn't taken.

        Raises BadFile when there is no room for the scan.
        """
        with stored(self.cleaned_data["scan"]) as scan:
            yield Paper(self.cleaned_data["signatory"], self.cleaned_data["on"], scan)


def takes_paper(step: Step, me: Capacity, *, in_stead: bool = False) -> bool:
    """Whether ``me`` may enter the opinion of ``step`` from paper: officers and leaders, where there is an opinion."""
    return (step.opinion or in_stead) and me.holds(Role.OFFICER, Role.LEADER)


def paper_form(step: Step, at: datetime, data: Any, files: Any) -> PaperForm | None:
    """The fold 意见为纸质 of ``step`` as it was sent; None where nothing of it was filled in."""
    form = PaperForm(data, files, at=at, auto_id=f"id_{step.name}_%s")
    used = form["signatory"].value() or form["on"].value() or form.add_prefix("scan") in files
    return form if used else None
