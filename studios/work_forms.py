"""Activities, their reports and outputs as forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from office.words import day
from studios.activities import DETAILS, year_of
from studios.models import FORMS, Activity, Diagnosis, Duty, Membership, Output, PlanItem, Studio

MOMENT = "%Y-%m-%dT%H:%M"
GUESTS_AT_MOST = 300
BREAK = re.compile(r"[\s,，、;；]+")


def standing_items(studios: QuerySet[Studio]) -> QuerySet[PlanItem]:
    """What the filed annual plans of these studios still hold."""
    rows = PlanItem.objects.filter(
        plan__studio__in=studios, plan__year__isnull=False, plan__filed_at__isnull=False, dropped=False
    )
    return rows.select_related("plan__year", "plan__studio").order_by("plan__studio", "-plan__year", "place")


class ItemField(forms.ModelChoiceField):
    """A task of an annual plan, with its year."""

    def label_from_instance(self, obj: PlanItem) -> str:
        year = obj.plan.year
        return f"第{year.number if year else ''}年度 {obj} （{obj.get_duty_display()}）"


class OfferedByDuty(forms.Select):
    """The forms of activities, each saying to which duties it belongs; js/offered.js shows those that fit."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-duties"] = " ".join(
                duty for duty, offered in FORMS.items() if str(value) in offered
            )
        return option


def _term_problem(studio: Studio | None, at: datetime | None) -> str:
    """Why a studio's activity can't lie at this moment: it is filed under one of its years."""
    if studio is None or at is None or year_of(studio, at):
        return ""
    terms = "、".join(f"{day(term.starts)}至{day(term.ends)}" for term in studio.terms.order_by("number"))
    return f"日期不在工作室的建设周期内（{terms}）。"


def _item_problem(item: PlanItem | None, studio: Studio | None, at: datetime | None) -> str:
    """Why a task can't be the one: it belongs to another studio or to another year."""
    if item is None or studio is None or at is None:
        return ""
    year = year_of(studio, at)
    if item.plan.studio_id == studio.pk and year and item.plan.year_id == year.pk:
        return ""
    return "这项任务不在该日期所在年度的计划里，请另选，或不选。"


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is planned. A studio's own names the studio and a task of its plan, an organisation's those that take part."""

    class Meta:
        model = Activity
        fields = ("studio", "partners", *DETAILS)
        widgets = {
            "form": OfferedByDuty,
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
            "purpose": forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
            "partners": forms.CheckboxSelectMultiple,
        }
        field_classes = {"item": ItemField}

    def __init__(
        self, *args: Any, studios: QuerySet[Studio], partners: QuerySet[Studio] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = "线上活动填写平台名称"
        if partners is None:
            self._of_studio(studios)
        else:
            self._of_organisation(partners)

    def _of_studio(self, studios: QuerySet[Studio]) -> None:
        del self.fields["partners"]
        chosen: Any = self.fields["studio"]
        chosen.queryset, chosen.required, chosen.empty_label = studios, True, None
        if len(studios) == 1:
            # A new row's own None would stand before the field's initial.
            self.initial["studio"], chosen.widget = studios[0].pk, forms.HiddenInput()
        item: Any = self.fields["item"]
        item.queryset, item.empty_label = standing_items(studios), "不在计划内"
        item.help_text = "选择年度计划中的任务，活动开展后计入该任务的完成情况"

    def _of_organisation(self, partners: QuerySet[Studio]) -> None:
        del self.fields["studio"], self.fields["item"]
        chosen: Any = self.fields["partners"]
        chosen.queryset, chosen.required = partners, True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends, studio = data.get("starts_at"), data.get("ends_at"), data.get("studio")
        if starts and ends and ends < starts:
            self.add_error("ends_at", "应晚于开始时间。")
        if data.get("duty") and data.get("form") and data["form"] not in FORMS[data["duty"]]:
            offered = "、".join(each.label for each in FORMS[data["duty"]])
            self.add_error("form", f"“{Duty(data['duty']).label}”的活动形式有：{offered}。")
        if problem := _term_problem(studio, starts):
            self.add_error("starts_at", problem)
        elif problem := _item_problem(data.get("item"), studio, starts):
            self.add_error("item", problem)
        return data


class Members(forms.ModelMultipleChoiceField):
    """Members by name and school."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.principal.name}（{obj.principal.school.name}）"


class ReportForm(forms.Form):
    """What came of an activity and who was there."""

    report = forms.CharField(
        label="活动报告",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 3000}),
        help_text="写明开展情况、主要内容和成效",
    )
    audience = forms.IntegerField(
        label="参加人数", min_value=1, max_value=1_000_000, required=False, help_text="含工作室以外的人员"
    )
    guests = forms.CharField(
        label="其他参加人员",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一人：姓名和单位，中间用空格隔开；可以从 Excel 中粘贴",
    )

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        if members:
            asked = Membership.objects.filter(pk__in=[each.pk for each in members])
            self.fields["present"] = Members(
                asked.select_related("principal__school").order_by("studio", "principal__sort_key"),
                label="到场成员",
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.order_fields(["report", "audience", "present", "guests"])

    def clean_guests(self) -> list[tuple[str, str]]:
        """[(name, unit)], each once; a line that is no person is named."""
        found: dict[tuple[str, str], None] = {}
        for number, line in enumerate(self.cleaned_data["guests"].splitlines(), 1):
            if not line.strip():
                continue
            name, unit = [*BREAK.split(line.strip(), maxsplit=1), ""][:2]
            if len(name) > 40 or len(unit) > 100:
                raise forms.ValidationError(f"第 {number} 行太长：姓名不超过 40 字，单位不超过 100 字。")
            found[name, unit] = None
        if len(found) > GUESTS_AT_MOST:
            raise forms.ValidationError(f"最多 {GUESTS_AT_MOST} 人，人数更多的请上传签到表。")
        return list(found)

    def given(self) -> dict[str, Any]:
        """What ``activities.report`` keeps."""
        data = self.cleaned_data
        return {
            "report": data["report"].replace("\r\n", "\n").strip(),
            "audience": data["audience"],
            "members": self.members,
            "present": [each.pk for each in data.get("present", ())],
            "guests": data["guests"],
        }

    def beside(self, kept: ReportForm) -> list[dict[str, str]]:
        """What was written here and what is kept, field by field where they differ; call when valid."""
        mine = self._words(
            {name: self.cleaned_data.get(name) for name in self.fields}
            | {
                "present": self.given()["present"],
                "guests": "\n".join(f"{name} {unit}".strip() for name, unit in self.given()["guests"]),
            }
        )
        theirs = self._words({name: kept.initial.get(name) for name in self.fields})
        return [
            {"label": str(field.label), "mine": mine[name], "theirs": theirs[name]}
            for name, field in self.fields.items()
            if mine[name] != theirs[name]
        ]

    def _words(self, values: dict[str, Any]) -> dict[str, str]:
        came = set(values.get("present") or ())
        names = "、".join(each.principal.name for each in self.members if each.pk in came)
        return {name: "" if value is None else str(value) for name, value in values.items()} | {
            "present": names
        }


class DiagnosisForm(forms.ModelForm):  # type: ignore[type-arg]
    """The report on one school; once the visit is filed only what came of it is open."""

    class Meta:
        model = Diagnosis
        fields = ("findings", "advice", "follow_up_on", "outcome")
        widgets = {
            "findings": forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
            "advice": forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
            "follow_up_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "outcome": forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        }

    def __init__(self, *args: Any, filed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if filed:
            del self.fields["findings"], self.fields["advice"]
        self.fields["outcome"].help_text = "回访后填写；活动登记为已开展以后仍可补填"


class OutputForm(forms.ModelForm):  # type: ignore[type-arg]
    """One output of a studio."""

    class Meta:
        model = Output
        fields = (
            "studio",
            "kind",
            "duty",
            "title",
            "authors",
            "level",
            "number",
            "source",
            "progress",
            "dated",
            "item",
            "summary",
        )
        widgets = {
            "dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "summary": forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        }
        field_classes = {"item": ItemField}

    def __init__(self, *args: Any, studios: QuerySet[Studio], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["studio"]
        chosen.queryset, chosen.empty_label = studios, None
        if len(studios) == 1:
            # A new row's own None would stand before the field's initial.
            self.initial["studio"], chosen.widget = studios[0].pk, forms.HiddenInput()
        item: Any = self.fields["item"]
        item.queryset, item.empty_label = standing_items(studios), "不在计划内"
        self.fields["progress"].help_text = "课题填写"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        studio, dated = data.get("studio"), data.get("dated")
        at = timezone.make_aware(datetime.combine(dated, datetime.min.time())) if dated else None
        if problem := _term_problem(studio, at):
            self.add_error("dated", problem)
        elif problem := _item_problem(data.get("item"), studio, at):
            self.add_error("item", problem)
        return data
