"""A call as a form: its dates, places, quotas and materials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from django import forms
from django.forms.formsets import formset_factory
from django.utils import timezone

from accounts.models import Kind, Organisation
from applications.models import Call, Material, Quota, StagePlaces
from evaluations.models import Rubric
from programmes.models import Programme
from studios.models import Stage

DATES = ("opens_at", "submit_by", "school_by", "authority_by", "check_by", "score_by")
MOST = 999
MANY_MATERIALS = 40


class MomentWidget(forms.MultiWidget):
    """A day, and a time of day where it is not the whole day."""

    template_name = "django/forms/widgets/moment.html"

    def __init__(self, whole: time) -> None:
        self.whole = whole
        day = forms.DateInput(attrs={"type": "date", "aria-label": "日期"}, format="%Y-%m-%d")
        hour = forms.TimeInput(attrs={"type": "time", "aria-label": "时间，可不填"}, format="%H:%M")
        super().__init__([day, hour])

    def decompress(self, value: datetime | None) -> list[Any]:
        if not value:
            return [None, None]
        local = timezone.localtime(value)
        return [local.date(), None if local.time() == self.whole else local.time()]


class MomentField(forms.MultiValueField):
    """A moment. A day alone means its end, or its beginning where ``whole`` is midnight; the last second counts."""

    def __init__(self, *, whole: time, **kwargs: Any) -> None:
        self.whole = whole
        super().__init__(
            (
                forms.DateField(error_messages={"invalid": "日期不存在，请重新选择。"}),
                forms.TimeField(required=False, error_messages={"invalid": "时间请写成 17:00 的样子。"}),
            ),
            widget=MomentWidget(whole),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, values: list[Any]) -> datetime | None:
        day, hour = (*values, None, None)[:2]
        return timezone.make_aware(datetime.combine(day, hour or self.whole)) if day else None


class CallForm(forms.ModelForm):  # type: ignore[type-arg]
    """The call's own columns. The quota of every county and stage, places and materials stand beside it."""

    class Meta:
        model = Call
        fields = [
            "name",
            *DATES,
            "start_on",
            "rubric",
            "panel_size",
            "valid_reviews_min",
            "application_line",
            "trim_scores",
            "publicity_days",
            "county_quota",
            "notice_number",
            "notice_body",
        ]
        widgets = {
            "start_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "notice_body": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DATES:
            label = self.fields[name].label
            whole = time.min if name == "opens_at" else time.max
            hint = "只填日期即自当日零时起" if name == "opens_at" else "只填日期即至当日24时"
            self.fields[name] = MomentField(whole=whole, label=label, help_text=hint)
        rubrics = Rubric.objects.filter(programme=programme, purpose=Rubric.Purpose.APPLICATION)
        chosen = self.fields["rubric"]
        chosen.queryset = rubrics.order_by("name", "-version")  # type: ignore[attr-defined]
        chosen.required, chosen.empty_label = False, "暂不选定"  # type: ignore[attr-defined]
        for name in ("panel_size", "valid_reviews_min", "publicity_days"):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [(name, data[name]) for name in DATES if data.get(name)]
        for (before, earlier), (name, later) in pairwise(given):
            if later < earlier or (before == "opens_at" and later == earlier):
                self.add_error(name, f"应晚于“{self.fields[before].label}”。")
        if (
            data.get("start_on")
            and data.get("score_by")
            and data["start_on"] <= timezone.localdate(data["score_by"])
        ):
            self.add_error("start_on", "建设周期应在专家评分截止之后开始。")
        if data.get("panel_size") and data.get("valid_reviews_min", 0) > data["panel_size"]:
            self.add_error("valid_reviews_min", "有效评审份数不能超过每组专家人数。")
        for name in ("panel_size", "valid_reviews_min", "publicity_days"):
            if data.get(name) == 0:
                self.add_error(name, "至少为 1。")
        line = data.get("application_line")
        if line is not None and not 0 <= line <= 100:
            self.add_error("application_line", "分数线应在 0 至 100 之间。")
        return data


def places_form(data: Any, call: Call | None) -> forms.Form:
    """How many studios of each stage: field names are the stages."""
    fields = {
        stage.value: forms.IntegerField(
            label=stage.label, min_value=0, max_value=MOST, required=False, help_text="不填即本批次不设"
        )
        for stage in Stage
    }
    held = dict(call.places.values_list("stage", "number")) if call and call.pk else {}
    return type("PlacesForm", (forms.Form,), fields)(data, initial=held, prefix="places")  # type: ignore[no-any-return]


def save_places(call: Call, given: Mapping[str, int | None]) -> None:
    """Keep the number of each stage; a stage without one is not called for."""
    call.places.all().delete()
    StagePlaces.objects.bulk_create(
        StagePlaces(call=call, stage=stage, number=number) for stage, number in given.items() if number
    )


class MaterialForm(forms.Form):
    """One material."""

    use_required_attribute = False
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label="材料", max_length=60)
    by = forms.ChoiceField(label="由谁提供", choices=Material.By.choices)
    required = forms.BooleanField(label="必需", required=False)
    hint = forms.CharField(label="说明", max_length=200, required=False)

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if key and not re.fullmatch(r"[-\w]+", key, re.ASCII):
            raise forms.ValidationError("材料代码有误，请刷新后再填。")
        return key

    def has_changed(self) -> bool:
        """A row in which nothing is written is no row."""
        return bool(self.initial) or any(self[name].value() for name in ("label", "hint"))


MaterialFormSet = formset_factory(
    MaterialForm, extra=1, can_delete=True, max_num=MANY_MATERIALS, validate_max=True
)


def material_formset(data: Any, rows: Iterable[Mapping[str, Any]]) -> Any:
    """The materials as rows, or what was sent."""
    words = {
        "missing_management_form": "材料表不完整，没有保存，请刷新后再填。",
        "too_many_forms": f"最多 {MANY_MATERIALS} 项材料。",
    }
    bound = {"data": data} if data is not None else {"initial": [dict(row) for row in rows]}
    return MaterialFormSet(prefix="materials", error_messages=words, **bound)


def save_materials(call: Call, formset: Any) -> None:
    """Keep the rows in their order; a new one gets a key of its own."""
    kept = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("label")]
    kept = [row for row in kept if not row.get("DELETE")]
    used = {row["key"] for row in kept}
    fresh = (key for number in range(1, MANY_MATERIALS * 2 + 1) if (key := f"other-{number}") not in used)
    call.materials.all().delete()
    taken: set[str] = set()
    rows = []
    for order, row in enumerate(kept, 1):
        key = row["key"] if row["key"] and row["key"] not in taken else next(fresh)
        taken.add(key)
        rows.append(
            Material(
                call=call,
                key=key,
                label=row["label"],
                by=row["by"],
                required=row["required"],
                hint=row["hint"],
                order=order,
            )
        )
    Material.objects.bulk_create(rows)


@dataclass
class Cell:
    """One quota as typed. ``number``: None for unlimited."""

    name: str
    label: str
    text: str
    number: int | None = None
    error: str = ""


@dataclass
class GridRow:
    """One authority with its cells: all stages together, then each."""

    authority: Organisation
    label: str
    cells: list[Cell] = field(default_factory=list)


COLUMNS = (("", "合计"), *Stage.choices)


class QuotaGrid:
    """The recommendation quotas as one table: authorities by stages. Empty is unlimited, 0 is nobody."""

    def __init__(self, owner: Organisation, held: Mapping[tuple[int, str], int], data: Any = None) -> None:
        self.columns = [label for _, label in COLUMNS]
        self.rows = [GridRow(each, row_label(each, owner)) for each in authorities(owner)]
        for row in self.rows:
            for stage, label in COLUMNS:
                name = f"quota-{row.authority.pk}-{stage or 'all'}"
                number = held.get((row.authority.pk, stage))
                text = "" if number is None else str(number)
                row.cells.append(
                    _cell(name, f"{row.label} {label}", text if data is None else data.get(name, ""))
                )

    @property
    def errors(self) -> list[Cell]:
        """The cells that hold no number."""
        return [cell for row in self.rows for cell in row.cells if cell.error]

    def values(self) -> dict[tuple[int, str], int]:
        """(authority, stage or "") → number, for the cells that limit."""
        return {
            (row.authority.pk, stage): cell.number
            for row in self.rows
            for (stage, _), cell in zip(COLUMNS, row.cells, strict=True)
            if cell.number is not None
        }


def _cell(name: str, label: str, text: str) -> Cell:
    plain = text.strip()
    if not plain:
        return Cell(name, label, "")
    if not plain.isdecimal() or int(plain) > MOST:
        return Cell(name, label, text, error=f"请填 0 至 {MOST} 的整数，或留空")
    return Cell(name, label, plain, int(plain))


def authorities(owner: Organisation) -> list[Organisation]:
    """Who recommends in a programme of ``owner``: its counties by code, and itself for the schools directly under it."""
    counties = Organisation.objects.filter(parent=owner, kind=Kind.COUNTY, succeeded_on__isnull=True)
    return [*counties.order_by("code", "sort_key"), owner]


def authorities_of(call: Call) -> list[Organisation]:
    """Who recommends in ``call``, by ``authorities``; read once per instance of the call."""
    if call.recommenders is None:
        call.recommenders = authorities(call.programme.owner)
    return call.recommenders


def row_label(authority: Organisation, owner: Organisation) -> str:
    """红山区; 市直 for the bureau itself, 直属 for a county that runs its own programme."""
    if authority.pk != owner.pk:
        return authority.label
    return "市直" if owner.kind == Kind.BUREAU else f"{owner.label}直属"


def held_quotas(call: Call) -> dict[tuple[int, str], int]:
    """The quotas of a call as the grid wants them."""
    if not call.pk:
        return {}
    return {(row.authority_id, row.stage): row.number for row in call.quotas.all()}


def save_quotas(call: Call, values: Mapping[tuple[int, str], int]) -> None:
    """Keep exactly these quotas."""
    call.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(call=call, authority_id=authority, stage=stage, number=number)
        for (authority, stage), number in values.items()
    )
