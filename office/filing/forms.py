"""The sections of a form as Django forms: a half-filled section may be kept, a wrong one may not."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, formset_factory

from office.filing.fields import ROW_KEY, Field, Section, value_of
from office.models import Filing

MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
CONTROLS = {"csrfmiddlewaretoken", "version", "then"}
MANAGEMENT = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


class _Kept:
    """A field that says it is required and lets a draft be kept without it: ``Layout.missing`` asks for it."""

    def validate(self, value: Any) -> None:
        if value not in (None, "", False):
            super().validate(value)  # type: ignore[misc]  # mixed into a form field


class TextField(_Kept, forms.CharField):
    """One line or several; a line break counts as one character, as the counter beside the field counts it."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class MonthField(_Kept, forms.CharField):
    """A month as 2019-08, picked in the browser's own control."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "如 2019-08"})

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not MONTH.fullmatch(value):
            raise forms.ValidationError("请按“年-月”填写，如 2019-08。")


class DayField(_Kept, forms.DateField):
    """A day as 2019-08-31, picked in the browser's own control and kept as text."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        return "" if found is None else f"{found:%Y-%m-%d}"


class FigureField(_Kept, forms.DecimalField):
    """A number, kept as text so that JSON does not round it."""

    def clean(self, value: Any) -> str:
        figure: Decimal | None = super().clean(value)
        return "" if figure is None else f"{figure:f}"


class PickField(_Kept, forms.ChoiceField):
    """One of several words."""


class TickField(_Kept, forms.BooleanField):
    """A promise or a consent."""


def _text(field: Field) -> forms.Field:
    return TextField(max_length=field.limit)


def _long(field: Field) -> forms.Field:
    rows = 2 if field.limit <= 300 else 6
    return TextField(max_length=field.limit, widget=forms.Textarea(attrs={"rows": rows}))


def _figure(digits: int, places: int) -> Any:
    def build(field: Field) -> forms.Field:
        return FigureField(
            min_value=Decimal(0),
            max_digits=digits,
            decimal_places=places,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )

    return build


BUILD = {
    "text": _text,
    "long": _long,
    "month": lambda field: MonthField(max_length=7),
    "day": lambda field: DayField(),
    "number": _figure(7, 1),
    "money": _figure(10, 2),
    "choice": lambda field: PickField(choices=[("", "请选择"), *field.choices]),
    "check": lambda field: TickField(),
}


def _form_field(field: Field) -> forms.Field:
    built: forms.Field = BUILD[field.kind](field)
    built.label, built.required = field.label, field.required
    built.help_text = field.hint
    return built


class SectionForm(forms.Form):
    """The single fields of one section."""

    use_required_attribute = False


class RowForm(forms.Form):
    """One row of a table."""

    use_required_attribute = False


def _class_of(base: type[forms.Form], fields: Iterable[Field]) -> type[forms.Form]:
    return type(base.__name__, (base,), {field.key: _form_field(field) for field in fields})


def row_form(field: Field) -> type[forms.Form]:
    """The form of a row; a keyed one carries its key along unseen."""
    built = _class_of(RowForm, field.columns)
    if not field.keyed:
        return built
    key = forms.RegexField(r"[0-9a-f]{12}", required=False, widget=forms.HiddenInput)
    return type(built.__name__, (built,), {ROW_KEY: key})


class Filled:
    """One section of one filing as a bundle of forms: shown, or checked and read.

    ``form`` is None for a section of tables only. ``groups`` are the tables as components/rows.html wants them.
    """

    def __init__(self, filing: Filing, section: Section, data: Mapping[str, Any] | None = None) -> None:
        self.section = section
        self.data = data
        single = [field for field in section.fields if field.kind != "rows"]
        initial = {field.key: value_of(filing, section, field) for field in single}
        self.form = _class_of(SectionForm, single)(data, initial=initial) if single else None
        self.groups = [
            self._group(field, value_of(filing, section, field))
            for field in section.fields
            if field.kind == "rows"
        ]

    def _group(self, field: Field, rows: list[dict[str, Any]]) -> dict[str, Any]:
        kinds = formset_factory(
            row_form(field),
            extra=1,
            max_num=field.limit,
            validate_max=True,
            can_delete=True,
        )
        words = {
            "too_many_forms": f"最多填写 {field.limit} 行。",
            "missing_management_form": "表格不完整，没有保存，请刷新后再填。",
        }
        bound = {"data": self.data} if self.data is not None else {"initial": rows}
        formset = kinds(prefix=field.key, error_messages=words, **bound)
        return {
            "key": field.key,
            "title": field.label,
            "formset": formset,
            "hint": field.hint,
            "add_label": f"增加一项{field.label}",
            "row_label": field.label,
        }

    def is_valid(self) -> bool:
        """Whether what was sent may be kept as it is; nothing is missing that a draft could not lack."""
        valid = [part.is_valid() for part in self._parts()]
        return all(valid) and not self.unknown()

    def _parts(self) -> list[Any]:
        return [*([self.form] if self.form else []), *(group["formset"] for group in self.groups)]

    def unknown(self) -> list[str]:
        """The names that were sent and that the section does not have."""
        names = set(self.data or ()) - CONTROLS - set(self.form.fields if self.form else ())
        return sorted(
            name for name in names if not any(_belongs(name, group["formset"]) for group in self.groups)
        )

    def values(self) -> dict[str, Any]:
        """What the section holds, ready for JSON; empty and removed rows left out. Call when valid."""
        found: dict[str, Any] = dict(self.form.cleaned_data) if self.form else {}
        for group in self.groups:
            found[group["key"]] = [row for form in group["formset"].forms if (row := _row(form))]
        return found

    def keys(self) -> dict[str, str]:
        """The keys of the rows of keyed tables, by the names of their hidden controls. Call when valid."""
        return {
            form.add_prefix(ROW_KEY): row[ROW_KEY]
            for group in self.groups
            for form in group["formset"].forms
            if (row := _row(form)) and ROW_KEY in row
        }

    def errors(self) -> dict[str, list[str]]:
        """The errors by the name of the field as it stands on the page."""
        found = (
            {name: [str(line) for line in lines] for name, lines in self.form.errors.items()}
            if self.form
            else {}
        )
        for group in self.groups:
            for form in group["formset"].forms:
                found |= {
                    form.add_prefix(name): [str(line) for line in lines]
                    for name, lines in form.errors.items()
                }
        return found


def _belongs(name: str, formset: Any) -> bool:
    prefix, _, rest = name.partition("-")
    if prefix != formset.prefix:
        return False
    number, _, column = rest.partition("-")
    known = {*formset.form.base_fields, DELETION_FIELD_NAME}
    return rest in MANAGEMENT or (number.isdecimal() and column in known)


def _row(form: forms.Form) -> dict[str, Any]:
    """The values of a row, with a key where rows have one; empty where nothing is written or the row is to go."""
    # An empty row at the end is not cleaned at all: it gives nothing, and needs no key.
    given = form.cleaned_data
    if given and ROW_KEY in form.fields and not given[ROW_KEY]:
        given[ROW_KEY] = secrets.token_hex(6)
    row = {name: value for name, value in given.items() if name != DELETION_FIELD_NAME}
    written = any(value for name, value in row.items() if name != ROW_KEY)
    return row if written and not given.get(DELETION_FIELD_NAME) else {}
