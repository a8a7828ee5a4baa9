"""What is filled in for publicity, objections and announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.files.base import File

from applications.models import Announcement, Publicity
from applications.objecting import Grievance
from office.documents import normal_number
from office.models import OfficialDocument
from office.uploads import ACCEPT, WORDS, BadFile, check, limit_words

FILES_AT_ONCE = 5
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PublicityForm(forms.ModelForm):  # type: ignore[type-arg]
    """A publicity list before it goes up."""

    class Meta:
        model = Publicity
        fields = ("days", "contact")
        help_texts: ClassVar = {
            "days": "自发布次日起计算，节假日不计",
            "contact": "写明受理单位、地址、电话，将原样登在公示页上",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].min_value = 1  # type: ignore[attr-defined]
        self.fields["days"].widget.attrs["min"] = 1

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if not 1 <= days <= 60:
            raise forms.ValidationError("公示期应在 1 至 60 个工作日之间。")
        return days


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """An announcement before it is issued."""

    class Meta:
        model = Announcement
        fields = ("title", "document_number", "issued_on", "copies_to")
        widgets: ClassVar = {"issued_on": DAY}

    def clean_document_number(self) -> str:
        """As GB/T 9704 writes it, and not yet used by the issuing body."""
        number = normal_number(self.cleaned_data["document_number"])
        owner = self.instance.call.programme.owner
        if number and (other := OfficialDocument.objects.filter(issuer=owner, number=number).first()):
            raise forms.ValidationError(f"字号 {number} 已用于《{other.title}》。")
        return number


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to ``FILES_AT_ONCE`` files, each of an allowed kind and harmless; gives a list."""

    def __init__(self, **kwargs: Any) -> None:
        hint = f"可上传 {WORDS}，每个不超过 {limit_words()}，最多 {FILES_AT_ONCE} 个"
        super().__init__(widget=FilesInput(attrs={"accept": ACCEPT}), help_text=hint, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[File[Any]]:
        files = list(data or [])
        if self.required and not files:
            raise forms.ValidationError("请上传文件。")
        if len(files) > FILES_AT_ONCE:
            raise forms.ValidationError(f"最多上传 {FILES_AT_ONCE} 个文件。")
        for file in files:
            try:
                check(file)
            except BadFile as problem:
                raise forms.ValidationError(str(problem)) from problem
        return [super(FilesField, self).clean(file, initial) for file in files]


class ObjectionForm(forms.Form):
    """The public's form: a person with the real name, or a unit under its seal."""

    unit = forms.ChoiceField(
        label="以何名义",
        choices=[("person", "个人（实名）"), ("unit", "单位（加盖公章）")],
        initial="person",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="真实姓名（单位名称）",
        min_length=2,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label="联系方式", min_length=5, max_length=100, help_text="电话、邮箱或通信地址，用于核实和答复"
    )
    text = forms.CharField(
        label="异议内容",
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写明具体事实和依据，10 至 2000 字",
    )
    evidence = FilesField(label="证明材料", required=False)
    # Seen by programs only; whoever fills it in is one.
    website = forms.CharField(
        label="请勿填写",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("提交没有成功，请不要填写这一栏。")
        return ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("unit") == "unit" and "evidence" in given and not given["evidence"]:
            self.add_error("evidence", "以单位名义提出的，请上传加盖公章的异议书。")
        return given

    @property
    def grievance(self) -> Grievance:
        """What was said, of a valid form."""
        given = self.cleaned_data
        return Grievance(given["name"], given["contact"], given["text"], given["unit"] == "unit")


class PaperObjectionForm(ObjectionForm):
    """An objection that came on paper: with its true time, its scan and the application it concerns."""

    application = forms.ChoiceField(label="所涉申报")
    received_at = forms.DateTimeField(
        label="收到时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="按实际收到的时间填写，以此判断是否在公示期内",
    )
    field_order = ("application", "received_at", "unit", "name", "contact", "text", "evidence")

    def __init__(self, *args: Any, listed: list[tuple[str, str]], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        del self.fields["website"]
        self.fields["application"].choices = listed  # type: ignore[attr-defined]
        self.fields["evidence"].required = True
        self.fields["evidence"].label = "异议书扫描件"

    def clean_received_at(self) -> datetime:
        received: datetime = self.cleaned_data["received_at"]
        if received > self.at:
            raise forms.ValidationError("收到时间不能晚于现在。")
        return received
