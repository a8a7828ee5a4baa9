"""An expert as a form, with the principals they may not judge."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.formsets import formset_factory

from accounts.models import Kind, Organisation, Principal
from applications.experts import county_of
from applications.models import Expert
from studios.models import Stage

NEAR = 3


class OrganisationNameField(forms.CharField):
    """An organisation by its name or short name; value: Organisation or None."""

    def prepare_value(self, value: Any) -> Any:
        return (
            str(Organisation.objects.get(pk=value))
            if isinstance(value, int)
            else super().prepare_value(value)
        )

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        present = Organisation.objects.filter(succeeded_on__isnull=True)
        found = list(present.filter(Q(name=name) | Q(short_name=name)).select_related("parent")[:2])
        if len(found) == 1:
            return found[0]
        near = present.filter(name__icontains=name).values_list("name", flat=True)[:NEAR]
        hint = f"相近的有：{'、'.join(near)}。" if near else "请填写机构全称。"
        raise forms.ValidationError(f"没有名为“{name}”的机构，{hint}")


class PrincipalNameField(forms.CharField):
    """A principal by name, with the school in brackets where the name is not enough; value: Principal."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        name, school = _name_and_school(text)
        found = list(
            Principal.objects.filter(name=name, school__name__contains=school).select_related("school")[
                : NEAR + 1
            ]
        )
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(f"校长档案中没有“{text}”。")
        same = "、".join(f"{each}（{each.school}）" for each in found[:NEAR])
        raise forms.ValidationError(f"有多位“{name}”，请写成“姓名（学校）”：{same}。")


def _name_and_school(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"([^（(]+)[（(]([^）)]*)[）)]?", text)
    return (match[1].strip(), match[2].strip()) if match else (text.strip(), "")


class ExpertForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where an expert belongs and what they judge."""

    unit = OrganisationNameField(label="所在单位", required=False, help_text="机构全称；系统外单位可不填")
    stages = forms.MultipleChoiceField(
        label="可评学段", choices=Stage.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Expert
        fields = ["unit", "post", "county", "stages", "speciality", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = self.fields["county"]
        county.queryset = Organisation.objects.filter(kind=Kind.COUNTY, succeeded_on__isnull=True)  # type: ignore[attr-defined]
        county.empty_label = "市直或系统外"  # type: ignore[attr-defined]
        county.help_text = "用于同旗县区回避；不选的，按所在单位认定"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("county"):
            data["county"] = county_of(data.get("unit"))
        return data


class TieForm(forms.Form):
    """One recorded relation."""

    use_required_attribute = False
    principal = PrincipalNameField(label="校长", max_length=120, help_text="同名的写成“姓名（学校）”")
    relation = forms.CharField(label="关系", max_length=60, help_text="如：夫妻、师生、近三年合作课题")


TieFormSet = formset_factory(TieForm, extra=1, can_delete=True, max_num=60, validate_max=True)


def tie_formset(data: Any, expert: Expert) -> Any:
    """The recorded relations as rows, or what was sent."""
    words = {"missing_management_form": "表格不完整，没有保存，请刷新后再填。"}
    if data is not None:
        return TieFormSet(data, prefix="ties", error_messages=words)
    ties = expert.ties.select_related("principal__school") if expert.pk else ()
    held = [
        {"principal": f"{tie.principal}（{tie.principal.school}）", "relation": tie.relation} for tie in ties
    ]
    return TieFormSet(prefix="ties", error_messages=words, initial=held)


def ties_given(formset: Any) -> list[tuple[Principal, str]]:
    """(principal, relation) of the rows that stay."""
    rows = [form.cleaned_data for form in formset.forms]
    return [
        (row["principal"], row["relation"]) for row in rows if row.get("principal") and not row.get("DELETE")
    ]
