"""A rubric as a form: its name, and a line per indicator with the group it belongs to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from evaluations.models import Rubric
from evaluations.trees import FULL


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name of a rubric."""

    class Meta:
        model = Rubric
        fields = ["name"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        fellows = Rubric.objects.filter(
            programme=self.instance.programme_id,
            purpose=self.instance.purpose,
            version=self.instance.version,
            name=name,
        )
        if fellows.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("已有同名同版本的评分标准，请另起名称。")
        return name


class LineForm(forms.Form):
    """One indicator: its group, what is judged, its points, how to judge."""

    use_required_attribute = False
    group = forms.CharField(label="类别", max_length=60, help_text="相邻的同名类别归为一组")
    label = forms.CharField(label="指标", max_length=60)
    points = forms.DecimalField(
        label="分值",
        min_value=Decimal("0.1"),
        max_value=FULL,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    guide = forms.CharField(
        label="评分说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class _Lines(BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        """A group stands together: its name may not come again after another's."""
        if any(self.errors):
            return
        seen: list[str] = []
        for group, *_ in self.lines():
            if group in seen[:-1]:
                raise forms.ValidationError(f"类别“{group}”的指标不相邻，请把同一类别的指标排在一起。")
            if group not in seen:
                seen.append(group)

    def lines(self) -> list[tuple[str, str, Decimal, str]]:
        """(group, indicator, points, guide) of the rows that stay."""
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        return [(row["group"], row["label"], row["points"], row["guide"]) for row in kept]


LineFormSet = formset_factory(
    LineForm, formset=_Lines, extra=1, can_delete=True, max_num=60, validate_max=True, min_num=0
)


def line_formset(data: Any, held: list[tuple[str, str, Decimal, str]]) -> Any:
    """The formset over the lines of a rubric, or over what was sent."""
    initial = [dict(zip(("group", "label", "points", "guide"), line, strict=True)) for line in held]
    bound = {"data": data} if data is not None else {"initial": initial}
    words = {"missing_management_form": "表格不完整，没有保存，请刷新后再填。"}
    return LineFormSet(prefix="lines", error_messages=words, **bound)
