"""The forms of studios beside those of their steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Kind, Organisation, Principal
from office.sheets import person_name, place_name
from studios.models import ChangeKind, StudioChange

FIELDS: dict[str, tuple[str, ...]] = {
    ChangeKind.RELOCATE: ("school_name", "reason", "exception"),
    ChangeKind.LEAD: ("person", "person_school", "name", "reason", "exception"),
    ChangeKind.ACTING: ("person", "person_school", "until", "reason"),
    ChangeKind.EXTEND: ("until", "reason"),
    ChangeKind.CLOSE: ("reason",),
}
HINTS = {
    "exception": "依托学校不是领衔校长所在学校，或接任人没有“市级名校长”称号时填写（第五条、第六条）",
    "name": "名称中有领衔人姓名的，在此填写新名称；不填则不变",
}


class ChangeForm(forms.ModelForm):
    """One change of a studio, by its kind; school and person are named as they stand in the registry."""

    school_name = forms.CharField(label="新的依托学校", max_length=100, help_text="学校全称")
    person = forms.CharField(label="姓名", max_length=40, help_text="校长档案中的姓名")
    person_school = forms.CharField(label="所在学校", max_length=100, help_text="学校全称")

    class Meta:
        model = StudioChange
        fields = ("reason", "exception", "name", "until")
        widgets = {
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 4}),
            "exception": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = FIELDS[self.instance.kind]
        self.fields = {name: self.fields[name] for name in wanted}
        for name, words in HINTS.items():
            if name in self.fields:
                self.fields[name].help_text = words
        if "until" in self.fields:
            self.fields["until"].required = True

    def clean_school_name(self) -> str:
        school = _school(self.cleaned_data["school_name"])
        self.instance.school = school
        return school.name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("person") and data.get("person_school"):
            self._find_person(data["person"], data["person_school"])
        return data

    def _find_person(self, name: str, place: str) -> None:
        try:
            school = _school(place)
        except forms.ValidationError as error:
            self.add_error("person_school", error)
            return
        rows = Principal.objects.select_related("school__parent").filter(
            school=school, name=person_name(name)
        )
        found = list(rows[:2])
        if len(found) == 1:
            self.instance.lead = found[0]
        else:
            self.add_error("person", f"{school}没有姓名为“{name}”的校长档案。")


def _school(written: str) -> Organisation:
    """The school of this name. Raises ValidationError where there is none, or more than one."""
    rows = Organisation.objects.current(timezone.localdate()).filter(kind=Kind.SCHOOL)
    name = place_name(written)
    found = list(rows.select_related("parent").filter(name=name)[:2])
    if len(found) == 1:
        return found[0]
    near = "、".join(rows.filter(name__icontains=name).values_list("name", flat=True)[:3])
    raise forms.ValidationError(
        f"没有名为“{written}”的学校，{f'相近的有：{near}。' if near else '请写全称。'}"
    )
