"""What the system administrator decides about logging in."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import DataNotice, Group, Safety


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


class NoticeForm(forms.Form):
    """The text of the next version; ``read`` is the version that was shown, so that nobody publishes over another's."""

    text = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="用通俗的话写清：谁处理、处理哪些、为什么、保存多久、提供给谁、有什么权利、向谁联系。",
    )
    read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, present: DataNotice | None) -> None:
        self.present = present
        shown = {"text": present.text, "read": present.version} if present else {}
        super().__init__(data, initial=shown)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.present and given.get("read") != self.present.version:
            self.add_error(None, f"第{self.present.version}版刚被他人发布。请核对后再发布。")
        if self.present and given.get("text", "").split() == self.present.text.split():
            self.add_error("text", "与现在的版本相同，不需要发布。")
        return given


def words(settings: Safety) -> dict[str, str]:
    """The settings as history says them."""
    labels = [Group(value).label for value in settings.groups]
    return {
        "须使用双重验证的人员": "、".join(labels) or "无",
        "登录记录保存期限": f"{settings.keep_months} 个月",
    }
