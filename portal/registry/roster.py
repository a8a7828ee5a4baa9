"""What every roster shares: fields that say what is wrong, and the outcome of each row.

django-import-export runs the rows; a preview is a dry run, and the confirmation runs the same rows again
inside one transaction, each change with its entry in the history.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult
from import_export.widgets import Widget

from accounts.capacity import Capacity
from office import history
from office.sheets import ROW_NUMBER, Column

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
LABELS = {NEW: "新增", CHANGED: "变更", SAME: "相同", REFUSED: "不予导入"}


@dataclass(frozen=True)
class Line:
    """What becomes of one row: its number in the sheet, its name, the outcome, changes or reasons."""

    row: int
    name: str
    outcome: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return LABELS[self.outcome]


@dataclass(frozen=True)
class Outcome:
    """A roster's lines, in the order of the sheet."""

    lines: list[Line]

    def count(self, *outcomes: str) -> int:
        return sum(line.outcome in outcomes for line in self.lines)

    @property
    def accepted(self) -> int:
        return self.count(NEW, CHANGED, SAME)

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.outcome == REFUSED]


class Differs(Exception):
    """The registry has changed since the preview."""


class Cell(Widget):
    """A cell read by ``read``; a ValueError becomes the reason ``refusal`` (``{}`` stands for the cell)."""

    def __init__(self, read: Callable[[str], Any], refusal: str = "{}", required: str = "") -> None:
        super().__init__()
        self.read, self.refusal, self.required = read, refusal, required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value to store. Raises ValueError with the reason."""
        if not value and self.required:
            raise ValueError(self.required)
        try:
            return self.read(value or "")
        except ValueError as error:
            raise ValueError(self.refusal.format(error)) from error


class Given(Field):
    """A field whose empty cell leaves what is already stored."""

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row, **kwargs)
        if value in (None, "") and instance.pk:
            return
        setattr(instance, self.attribute, value)


def text(limit: int, clean: Callable[[str], str] = str) -> Callable[[str], str]:
    """A reader of text of at most ``limit`` characters."""

    def read(value: str) -> str:
        cleaned = clean(value)
        if len(cleaned) > limit:
            raise ValueError(f"超过 {limit} 个字")
        return cleaned

    return read


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of one of ``words``; an empty cell is an empty value."""

    def read(value: str) -> str:
        if value and value not in words:
            raise ValueError(value)
        return words[value] if value else ""

    return read


class RosterResource(resources.ModelResource):
    """One kind of roster, imported by ``me`` at the time ``at``."""

    columns: ClassVar[tuple[Column, ...]]
    name_column: ClassVar[str]
    # attributes that follow from the row without a column of their own, with their labels
    derived: ClassVar[list[tuple[str, str]]] = []

    class Meta:
        skip_diff = True
        report_skipped = True
        store_instance = True
        clean_model_instances = False
        import_id_fields: ClassVar[list[str]] = []

    def __init__(
        self, me: Capacity, at: datetime, progress: Callable[[int, int], None] | None = None
    ) -> None:
        super().__init__()
        self.me, self.at, self.progress = me, at, progress
        self.lines: dict[int, Line] = {}
        self.before: dict[str, Any] = {}
        self.load()

    def load(self) -> None:
        """Read what rows are matched against, once."""
        raise NotImplementedError

    def find(self, row: dict[str, str]) -> Any:
        """The stored instance that ``row`` means, or None."""
        raise NotImplementedError

    def check(self, instance: Any, row: dict[str, str]) -> Iterable[str]:
        """The reasons, beyond those of single cells, for which the row is refused; fills in what follows."""
        raise NotImplementedError

    def remember(self, instance: Any, row_number: int) -> None:
        """The row was accepted: later rows are matched against it too."""
        raise NotImplementedError

    def shown(self, attribute: str, value: Any) -> str:
        """A value as the preview and the history show it."""
        if value is None or value is False:
            return "否" if value is False else ""
        if value is True:
            return "是"
        if isinstance(value, date):
            return f"{value.year}年{value.month}月"
        choices = dict(self._meta.model._meta.get_field(attribute).flatchoices)
        return str(choices.get(value, value))

    def preview(self, dataset: tablib.Dataset) -> Outcome:
        """What would become of each row; nothing is written."""
        return self._run(dataset, dry_run=True)

    def commit(self, dataset: tablib.Dataset, expected: Outcome | None = None) -> Outcome:
        """Write the accepted rows with their history, all of them or, on an unforeseen error, none.

        Raises Differs, and writes nothing, when the outcome is not the one that was ``expected``.
        """
        with transaction.atomic():
            outcome = self._run(dataset, dry_run=False)
            if expected is not None and outcome != expected:
                raise Differs
        return outcome

    def _run(self, dataset: tablib.Dataset, *, dry_run: bool) -> Outcome:
        # Not import_data: its dry run writes and rolls back, which holds SQLite's only place for a writer.
        result = self.import_data_inner(
            dataset, dry_run, raise_errors=False, using_transactions=False, collect_failed_rows=False
        )
        for base in result.base_errors:
            raise base.error
        for _, errors in result.row_errors():
            raise errors[0].error
        for invalid in result.invalid_rows:
            row = dict(zip(dataset.headers, dataset[invalid.number - 1], strict=True))
            number = int(row[ROW_NUMBER])
            reasons = list(dict.fromkeys(invalid.error.messages))
            self.lines[number] = Line(number, row[self.name_column], REFUSED, reasons=reasons)
        return Outcome([self.lines[number] for number in sorted(self.lines)])

    # --- what django-import-export calls, in this order, for each row ---

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        found = self.find(row)
        return copy.copy(found) if found else None

    def after_init_instance(self, instance: Any, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        self.before = {} if new else self._values(instance)

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        reasons: list[str] = []
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            reasons += error.messages
        reasons += self.check(instance, row) if not reasons else []
        if reasons:
            raise ValidationError(reasons)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and bool(self.before) and self.before == self._values(instance)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def before_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        instance.set_keys()

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        if not kwargs["dry_run"]:
            facts = {label: [old, new] for label, old, new in self._changes(instance)}
            label = "名册导入变更" if self.before else "名册导入新增"
            history.record(instance, "import", label, self.me, self.at, facts)

    def after_import_row(self, row: dict[str, str], row_result: RowResult, **kwargs: Any) -> None:
        number = int(row[ROW_NUMBER])
        instance = row_result.instance
        outcome = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED}.get(
            row_result.import_type, SAME
        )
        changes = self._changes(instance) if outcome == CHANGED else []
        self.lines[number] = Line(number, str(instance), outcome, changes)
        self.remember(instance, number)
        if self.progress and kwargs["row_number"] % 100 == 0:
            self.progress(kwargs["row_number"], self.total)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.total = len(dataset)

    @cached_property
    def _import_fields(self) -> list[Field]:
        return list(super().get_import_fields())

    def get_import_fields(self) -> list[Field]:
        return self._import_fields

    @cached_property
    def _stored(self) -> list[tuple[str, str]]:
        return [*((field.attribute, field.column_name) for field in self._import_fields), *self.derived]

    def _values(self, instance: Any) -> dict[str, Any]:
        return {attribute: getattr(instance, attribute) for attribute, _ in self._stored}

    def _changes(self, instance: Any) -> list[tuple[str, str, str]]:
        """(label, old, new) of what differs; for a new instance, of what is given."""
        changes = []
        for attribute, label in self._stored:
            old, new = self.before.get(attribute), getattr(instance, attribute)
            if old != new and not (not self.before and new in (None, "", False)):
                changes.append(
                    (label, self.shown(attribute, old) if self.before else "", self.shown(attribute, new))
                )
        return changes
