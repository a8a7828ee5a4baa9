"""What every roster shares: who may give one, what it is called, and the outcome of each row.

django-import-export runs the rows; a preview is a dry run, and the confirmation runs the same rows again
inside one transaction, each change with its entry in the history.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult

from accounts.capacity import Capacity
from office import history
from office.sheets import ROW_NUMBER, Column

from .openings import Opened
from .scopes import keeps_some

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
LABELS = {NEW: "新增", CHANGED: "变更", SAME: "相同", REFUSED: "不予导入"}
REGISTRY = ("机构与人员", "registry:index")
OPENED = "将建立账号"  # the note of a row whose confirmation opens an account


@dataclass(frozen=True)
class Line:
    """What becomes of one row: its number in the sheet, its name, the outcome, changes or reasons.

    ``notes`` say what else an accepted row does (an account is opened).
    """

    row: int
    name: str
    outcome: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return LABELS[self.outcome]


@dataclass(frozen=True)
class Outcome:
    """A roster's lines, in the order of the sheet; ``remarks`` are about the sheet as a whole.

    ``more``: something is written besides its lines.
    """

    lines: list[Line]
    remarks: list[str] = field(default_factory=list)
    more: bool = False

    def count(self, *outcomes: str) -> int:
        return sum(line.outcome in outcomes for line in self.lines)

    @property
    def accepted(self) -> int:
        return self.count(NEW, CHANGED, SAME)

    def writes(self, *, whole: bool) -> bool:
        """Whether there is anything to confirm; ``whole``: not with a row refused."""
        return bool(self.count(NEW, CHANGED) or self.more) and not (whole and self.refused)

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.outcome == REFUSED]


class Differs(Exception):
    """The registry has changed since the preview."""


class RosterResource(resources.ModelResource):
    """One kind of roster, imported by ``me`` at the time ``at``.

    ``target`` is what the rows belong to, where the kind has one (a rubric's key, a year). A kind that
    opens accounts lays the first passwords under ``slips``, a name on the shelf (see ``opening_rows``).
    """

    heading: ClassVar[str]  # 导入…
    crumbs: ClassVar[tuple[tuple[str, str], ...]]  # (label, name of the address), the list itself last
    columns: ClassVar[tuple[Column, ...]]
    name_column: ClassVar[str]
    examples: ClassVar[list[list[Any]]] = []  # rows of the template, to be overwritten
    understood: ClassVar[tuple[str, ...]] = ()
    whole: ClassVar[bool] = False  # with one row refused, none is written
    # attributes that follow from the row without a column of their own, with their labels
    derived: ClassVar[list[tuple[str, str]]] = []

    class Meta:
        skip_diff = True
        report_skipped = True
        store_instance = True
        clean_model_instances = False
        import_id_fields: ClassVar[list[str]] = []

    def __init__(
        self,
        me: Capacity,
        at: datetime,
        progress: Callable[[int, int], None] | None = None,
        *,
        target: int | None = None,
        slips: str = "",
    ) -> None:
        super().__init__()
        self.me, self.at, self.progress = me, at, progress
        self.target, self.slips = target, slips
        self.opened: list[Opened] = []  # the accounts that were opened with it
        self.lines: dict[int, Line] = {}
        self.before: dict[str, Any] = {}
        self.load()

    @classmethod
    def open_to(cls, me: Capacity) -> bool:
        """Whether this capacity imports rosters of this kind at all."""
        return keeps_some(me)

    @classmethod
    def aim(cls, me: Capacity, target: str, at: datetime) -> tuple[int | None, str]:
        """The target that an address names, and what the page says of it; raises Http404 for what is none."""
        return None, ""

    @classmethod
    def back(cls, target: int | None) -> str:
        """The address of what was imported."""
        return reverse(cls.crumbs[-1][1])

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

    def notes(self, instance: Any, outcome: str) -> list[str]:
        """What else the accepted row does."""
        return []

    def remarks(self, dataset: tablib.Dataset) -> list[str]:
        """What is to be said of the sheet as a whole, once its rows are known."""
        return []

    def more(self) -> bool:
        """Whether something is written besides the lines."""
        return False

    def finish(self) -> None:
        """The end of writing, inside its transaction."""

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
            if (expected is not None and outcome != expected) or (self.whole and outcome.refused):
                raise Differs
            self.finish()
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
        lines = [self.lines[number] for number in sorted(self.lines)]
        return Outcome(lines, self.remarks(dataset), self.more())

    # --- what django-import-export calls, in this order, for each row ---

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        found = self.find(row)
        return copy.copy(found) if found else None

    def after_init_instance(self, instance: Any, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        for attribute, _ in self._stored:  # what is no column of the model, where the sheet has it not
            if not hasattr(type(instance), attribute) and attribute not in vars(instance):
                setattr(instance, attribute, None)
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
            if self.before:
                history.record(instance, "import", "名册导入变更", self.me, self.at, facts)
            else:  # a row of this transaction alone needs no lock
                more: dict[str, Any] = {"me": self.me, "at": self.at, "facts": facts}
                history.write(instance, step="import", label="名册导入新增", **more)

    def after_import_row(self, row: dict[str, str], row_result: RowResult, **kwargs: Any) -> None:
        number = int(row[ROW_NUMBER])
        instance = row_result.instance
        outcome = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED}.get(
            row_result.import_type, SAME
        )
        changes = self._changes(instance) if outcome == CHANGED else []
        notes = self.notes(instance, outcome)
        self.lines[number] = Line(number, str(instance), outcome, changes, notes=notes)
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
