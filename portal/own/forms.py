"""What a person corrects without asking anybody: e-mail, and the phone in the own principal's record."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Principal, User
from portal.registry.resources import phone as read_phone


def mask_email(address: str) -> str:
    """w***@example.org, for the history."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}" if address else ""


class ContactForm(forms.Form):
    """E-mail; the phone only of who has a principal's record."""

    email = forms.EmailField(label="电子邮箱", required=False, max_length=254)
    phone = forms.CharField(label="手机号", required=False, max_length=30)

    def __init__(self, data: Any, *, user: User, record: Principal | None) -> None:
        super().__init__(data, initial={"email": user.email, "phone": record.phone if record else ""})
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        if record is None:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        try:
            return read_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from error
