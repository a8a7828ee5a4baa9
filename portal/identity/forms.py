"""The request as a form: the right number, checked as GB 11643 says, and a scan of the card."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.identity import check_identity
from accounts.models import Principal
from office.sheets import compact


def checked_identity(text: str, record: Principal | None) -> str:
    """The number, if it can be one and no other record has it. Raises ValidationError with the reason."""
    number = compact(text).upper()
    try:
        check_identity(number)
    except ValueError as error:
        raise forms.ValidationError(f"{error}。") from error
    same = Principal.objects.by_identity(number).first()
    if same is not None and same != record:
        raise forms.ValidationError("另一份校长档案已登记这个身份证号，请联系主管部门核对。")
    return number


class CorrectionForm(forms.Form):
    """The number as it stands on the card, the card, and what went wrong."""

    identity = forms.CharField(
        label="正确的身份证号", max_length=30, help_text="18 位，与身份证一致；末位的 X 大小写均可"
    )
    card = forms.FileField(label="身份证扫描件", help_text="有照片和号码的一面，JPG、PNG 或 PDF，只供核对")
    reason = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, record: Principal) -> None:
        super().__init__(*args)
        self.record = record
        self.fields["identity"].widget.attrs |= {"autocomplete": "off", "inputmode": "text"}

    def clean_identity(self) -> str:
        number = checked_identity(self.cleaned_data["identity"], self.record)
        if number == self.record.identity:
            raise forms.ValidationError("与档案中的身份证号相同，不需要更正。")
        return number
