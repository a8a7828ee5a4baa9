"""A county's work plan for its studios (Art. 15): kept item by item, or taken from the county's own sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from re import split
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from accounts.capacity import Capacity
from accounts.models import Organisation
from office.history import record
from office.sheets import Column
from studios.models import CountyPlanItem, Studio, StudioState
from studios.sheet_rows import Given

COLUMNS = (
    Column("年度", ("年份",)),
    Column("工作任务", ("任务", "工作内容"), required=True),
    Column("时间安排", ("时间", "完成时限"), required=True),
    Column("涉及的工作室", ("工作室",)),
    Column("完成情况", ("落实情况",)),
)
MOST = 200  # rows taken from one sheet
LABELS = {"year": "年度", "task": "工作任务", "timing": "时间安排", "done": "完成情况"}


def own_studios(county: Organisation | None) -> QuerySet[Studio]:
    """The studios of the county that go on, and those in which its principals sit."""
    rows = Studio.objects.filter(state__in=StudioState.listed)
    mine = rows.filter(authority=county) | rows.filter(memberships__principal__school__parent=county)
    return mine.distinct().order_by("number")


class CountyPlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """One item; ``county`` is whose plan it is."""

    class Meta:
        model = CountyPlanItem
        fields = ("year", "task", "timing", "studios", "done")
        widgets = {"studios": forms.CheckboxSelectMultiple, "done": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"timing": "如：3—6月", "studios": "不选表示本地全部工作室", "done": "年终或完成时填写"}

    def __init__(self, *args: Any, county: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county = county
        self.fields["studios"].queryset = own_studios(county)  # type: ignore[attr-defined]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2020 <= year <= 2100:
            raise forms.ValidationError("年度应在2020至2100之间。")
        return year

    def keep(self, me: Capacity, at: datetime) -> CountyPlanItem:
        """Save the valid form, and write down what changed."""
        before = _facts(CountyPlanItem.objects.get(pk=self.instance.pk)) if self.instance.pk else {}
        self.instance.county = self.county
        with transaction.atomic():
            item: CountyPlanItem = self.save()
            changed = {k: [before.get(k, ""), v] for k, v in _facts(item).items() if before.get(k, "") != v}
            record(item, "county_plan", "修改年度工作计划" if before else "列入年度工作计划", me, at, changed)
        return item


def _facts(item: CountyPlanItem) -> dict[str, str]:
    words = {label: str(getattr(item, name)) for name, label in LABELS.items()}
    return words | {"涉及的工作室": "、".join(item.studios.values_list("name", flat=True).order_by("number"))}


def read_rows(rows: Iterable[Mapping[str, str]], county: Organisation | None, year: int) -> list[Given]:
    """The rows of a sheet as forms; ``year`` is meant where a row names none. Nothing is written."""
    known = {(item.year, item.task): item for item in CountyPlanItem.objects.filter(county=county)}
    studios = {word: row for row in own_studios(county) for word in (row.number, row.name)}
    return [_read(row, county, year, known, studios) for row in list(rows)[:MOST]]


def _read(
    row: Mapping[str, str],
    county: Organisation | None,
    year: int,
    known: Mapping[tuple[int, str], CountyPlanItem],
    studios: Mapping[str, Studio],
) -> Given:
    given = Given(row.get("行号", ""), {column.name: row.get(column.name, "") for column in COLUMNS})
    named = given.words["年度"].removesuffix("年") or str(year)
    given.words["年度"] = named
    meant = [word for word in split("[、，,；;\\s]+", given.words["涉及的工作室"]) if word]
    given.reasons += [f"没有找到工作室“{word}”" for word in meant if word not in studios]
    data: dict[str, Any] = {
        "year": named,
        "task": given.words["工作任务"],
        "timing": given.words["时间安排"],
        "studios": [studios[word].pk for word in meant if word in studios],
        "done": given.words["完成情况"],
    }
    item = known.get((int(named), data["task"])) if named.isdecimal() else None
    given.fresh = item is None
    given.kept = CountyPlanForm(data, instance=item, county=county)
    for name, errors in given.kept.errors.items():
        given.reasons += [f"{LABELS.get(name, '涉及的工作室')}：{error}" for error in errors]
    return given
