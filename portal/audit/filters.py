"""What the auditor's lists are narrowed by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import django_filters as filters
from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from accounts.models import Outcome, SignIn
from office.filters import RowFilter
from office.models import Entry

APPS = ("accounts", "programmes", "office", "studios", "evaluations", "applications", "funding")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def midnight(day: date) -> datetime:
    """The moment a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


@cache
def kinds() -> list[tuple[str, str]]:
    """The kinds of objects that have a history: (app.model, name)."""
    models = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, UserObjectPermissionBase)
    ]
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name)) for model in models),
        key=lambda kind: kind[1],
    )


class PeriodFilter(RowFilter):
    """From a day to a day, both included."""

    since = filters.DateFilter(label="起", method="begin", widget=DAY)
    until = filters.DateFilter(label="止", method="end", widget=DAY)

    def begin(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__gte=midnight(value))

    def end(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__lt=midnight(value + timedelta(days=1)))


class SignInFilter(PeriodFilter):
    outcome = filters.ChoiceFilter(label="结果", choices=Outcome.choices, empty_label="全部")
    search_in = ("username", "user__name", "address")

    class Meta:
        model = SignIn
        fields: list[str] = []


class EntryFilter(PeriodFilter):
    kind = filters.ChoiceFilter(label="对象", method="of_kind", choices=kinds, empty_label="全部")
    person = filters.CharFilter(
        label="办理人", field_name="user__name", lookup_expr="icontains", max_length=40
    )
    organisation = filters.CharFilter(
        label="机构", field_name="appointment__organisation__name", lookup_expr="icontains", max_length=60
    )
    search_in = ("label",)

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["search"].label = "步骤"

    def of_kind(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return rows.filter(content_type=ContentType.objects.get_by_natural_key(*value.split(".")))
