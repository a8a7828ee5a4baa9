"""The form of the step 印发延期通知."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from applications import supplementing
from applications.extending import whose_words
from applications.models import Call
from applications.supplementing import Supplement
from office.documents import normal_number
from office.models import OfficialDocument


class SupplementForm(forms.Form):
    """Which extension, the number, the date. ``cleaned_data["supplement"]`` is what the step issues."""

    extension = forms.ChoiceField(label="范围")
    number = forms.CharField(
        label="发文字号",
        max_length=60,
        required=False,
        help_text="填写发文登记的字号；不填则由系统按序编号",
    )
    issued_on = forms.DateField(
        label="成文日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, case: Call, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id, initial={"issued_on": localdate()})
        self.case = case
        self.untold = {str(row.pk): row for row in supplementing.untold(case)}
        self.fields["extension"].choices = [  # type: ignore[attr-defined]
            (key, whose_words(row.authority, case)) for key, row in self.untold.items()
        ]

    def clean_number(self) -> str:
        """As GB/T 9704 writes it, and not yet used by the issuing body."""
        number = normal_number(self.cleaned_data["number"])
        owner = self.case.programme.owner
        if number and (other := OfficialDocument.objects.filter(issuer=owner, number=number).first()):
            raise forms.ValidationError(f"字号 {number} 已用于《{other.title}》。")
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        extension = self.untold.get(given.get("extension", ""))
        if extension is None or not given.get("issued_on"):
            return given
        return given | {"supplement": Supplement(extension, given.get("number", ""), given["issued_on"])}
