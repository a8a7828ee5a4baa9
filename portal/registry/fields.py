"""Form fields of the registry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import Organisation
from office.sheets import month, place_name

LISTED = 300


class SuggestWidget(forms.TextInput):
    """A text input with suggestions (datalist): typing narrows them, without a script."""

    template_name = "django/forms/widgets/suggest.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = self.suggestions
        identifier = context["widget"]["attrs"].get("id", name)
        context["widget"]["list_id"] = context["widget"]["attrs"]["list"] = f"{identifier}_list"
        return context


class OrganisationField(forms.CharField):
    """One organisation of ``queryset``, typed by its name or one of its other names; value: Organisation."""

    widget = SuggestWidget

    def __init__(self, queryset: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset
        self.widget.suggestions = list(queryset.values_list("name", flat=True)[:LISTED])

    def prepare_value(self, value: Any) -> Any:
        return (
            Organisation.objects.get(pk=value).name
            if isinstance(value, int)
            else super().prepare_value(value)
        )

    def clean(self, value: Any) -> Any:
        name = place_name(super().clean(value))
        if not name:
            return None
        found = list(self.queryset.filter(Q(name=name) | Q(short_name=name))[:2])
        if len(found) == 1:
            return found[0]
        near = list(self.queryset.filter(name__icontains=name).values_list("name", flat=True)[:3])
        hint = f"相近的有：{'、'.join(near)}。" if near else "请输入全称。"
        raise forms.ValidationError(f"没有名为“{name}”的机构，{hint}")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class MonthField(forms.DateField):
    """A month (2018-09, 2018.9, 2018年9月); value: its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"placeholder": "如 2018年9月"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.year}年{value.month}月" if hasattr(value, "year") else value

    def to_python(self, value: Any) -> Any:
        try:
            return month(value)
        except ValueError as error:
            raise forms.ValidationError(f"“{value}”不是年月，请写成 2018年9月。") from error
