"""What the system administrator decides about logging in."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Group, Safety


class SafetyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Of whom a second factor is required; for how many months sign-ins are kept."""

    chosen = forms.MultipleChoiceField(
        label="须使用双重验证的人员",
        choices=Group.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Safety
        fields = ("chosen", "keep_months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["chosen"] = self.instance.groups
        self.fields[
            "keep_months"
        ].help_text = "至少 6 个月，最多 120 个月；到期的每小时自动删除，并记入下面的记录。"


def words(settings: Safety) -> dict[str, str]:
    """The settings as history says them."""
    labels = [Group(value).label for value in settings.groups]
    return {
        "须使用双重验证的人员": "、".join(labels) or "无",
        "登录记录保存期限": f"{settings.keep_months} 个月",
    }
