"""The tasks of a plan from a sheet (Art. 16): read row by row against the draft, merged into it by the rows' keys."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from office.filing.fields import ROW_KEY, Field, Section, value_of
from office.filing.forms import row_form
from office.filing.reading import said
from office.sheets import ROW_NUMBER, Column, compact, month
from studios.models import Duty, Plan
from studios.sheet_rows import Given

ID = "任务编码"
ALIASES = {
    "duty": ("职责任务", "对应职责"),
    "task": ("工作任务", "任务内容", "工作内容"),
    "starts": ("开始月份", "开始"),
    "ends": ("结束月份", "结束", "完成时限"),
    "who": ("责任人", "负责"),
    "target": ("目标", "预期目标", "成效目标"),
    "times": ("次数",),
    "share": ("经费", "经费（元）", "经费预算"),
}
KEY = re.compile(r"[0-9a-f]{12}")
BARE_MONTH = re.compile(r"(1[0-2]|0?[1-9])月份?")

Row = dict[str, str]


def items_section(plan: Plan) -> tuple[Section, Field]:
    """The section and the table that hold the plan's tasks."""
    section = plan.layout.section("items")
    return section, section.field("items")


def columns_of(plan: Plan) -> tuple[Column, ...]:
    """The columns of the sheet: those of the form, and the code by which a task is found again."""
    _, table = items_section(plan)
    named = (
        Column(field.label, ALIASES[field.key], required=field.key in ("duty", "task"))
        for field in table.columns
    )
    return (*named, Column(ID, ("编码",)))


def rows_of(plan: Plan) -> list[Sequence[Any]]:
    """The tasks of the draft as the template shows them."""
    section, table = items_section(plan)
    return [_words(table, row) for row in value_of(plan, section, table)]


def _words(table: Field, row: Mapping[str, str]) -> list[str]:
    return [*(_said(field, row.get(field.key, "")) for field in table.columns), row.get(ROW_KEY, "")]


def _said(field: Field, value: str) -> str:
    return value if field.kind in ("month", "number", "money") else said(field, value)


def read_rows(rows: Iterable[Mapping[str, str]], plan: Plan) -> list[Given]:
    """What each row of a sheet would become in the draft; nothing is written.

    A row is one of the draft's by its code, else by its duty and task; a second row for the same one is refused,
    and so is what the table has no room for.
    """
    section, table = items_section(plan)
    present: list[Row] = value_of(plan, section, table)
    given = [_read(row, plan, table, present) for row in rows]
    taken: set[str] = set()
    room = table.limit - len(present)
    for each in given:
        if each.reasons:
            continue
        key = each.kept[ROW_KEY]
        if key in taken:
            each.reasons.append("与表中前面的一行是同一项任务")
        elif each.fresh and room <= 0:
            each.reasons.append(f"计划最多 {table.limit} 项任务，这一行放不下")
        taken.add(key)
        room -= each.fresh and not each.reasons
    return given


def _read(row: Mapping[str, str], plan: Plan, table: Field, present: list[Row]) -> Given:
    words = {column.name: row.get(column.name, "") for column in columns_of(plan)}
    given = Given(row.get(ROW_NUMBER, ""), words)
    form = row_form(table)({field.key: _value(field, words[field.label], plan) for field in table.columns})
    fields = {field.key: field for field in table.columns}
    given.reasons = [_wrong(fields[name], errors) for name, errors in form.errors.items()]
    if given.reasons:
        return given
    values: Row = {name: value for name, value in form.cleaned_data.items() if name != ROW_KEY}
    given.reasons += [
        f"缺少{fields[name].label}" for name in ("duty", "task") if not values[name]
    ] or _out_of_order(values)
    same = _same(present, words[ID].strip(), values)
    given.fresh = same is None
    given.kept = values | {ROW_KEY: same[ROW_KEY] if same else _key_of(values)}
    given.was = _changed(table, same, values) if same else None
    given.notes += [
        f"尚缺{field.label}，导入后请补齐"
        for field in table.columns
        if field.required and not values[field.key]
    ]
    return given


def _wrong(field: Field, errors: Iterable[object]) -> str:
    if field.kind == "choice":
        return f"{field.label}应为{'、'.join(label for _, label in field.choices)}之一"
    return f"{field.label}：{''.join(str(error) for error in errors)}"


def _out_of_order(values: Row) -> list[str]:
    wrong = values["starts"] and values["ends"] and values["ends"] < values["starts"]
    return ["结束月份早于开始月份"] if wrong else []


def _key_of(values: Row) -> str:
    """A key for a new task: the same for the same duty and task, so that a repeated row is seen."""
    return f"{values['duty']}/{values['task']}"


def _same(present: list[Row], code: str, values: Row) -> Row | None:
    """The task of the draft that a row is about."""
    by_code = next((row for row in present if code and row.get(ROW_KEY) == code), None)
    named = (row for row in present if (row.get("duty"), row.get("task")) == (values["duty"], values["task"]))
    return by_code or next(named, None)


def _changed(table: Field, before: Row, after: Row) -> dict[str, str]:
    return {
        field.label: _said(field, before.get(field.key, ""))
        for field in table.columns
        if before.get(field.key, "") != after[field.key]
    }


def merged(plan: Plan, given: Iterable[Given]) -> list[Row]:
    """The draft's tasks with the good rows in them: changed ones in their place, new ones at the end."""
    section, table = items_section(plan)
    good = {row.kept[ROW_KEY]: row.kept for row in given if not row.reasons}
    kept = [good.pop(row.get(ROW_KEY, ""), row) for row in value_of(plan, section, table)]
    return [*kept, *(row | {ROW_KEY: secrets.token_hex(6)} for row in good.values())]


# --- cells ----------------------------------------------------------------------------------------


def _value(field: Field, word: str, plan: Plan) -> str:
    if field.kind == "choice":
        return _duty(word)
    if field.kind == "month":
        return _month(word, plan)
    if field.kind in ("number", "money"):
        return compact(word).replace(",", "").replace("，", "").removeprefix("¥").rstrip("元次项篇所")
    return word


def _duty(word: str) -> str:
    """发挥示范辐射作用, （三）示范辐射 … : the duty whose name it holds; as it stands where it holds none."""
    text = compact(word)
    return next((duty.value for duty in Duty if duty.label in text), text)


def _month(word: str, plan: Plan) -> str:
    """2027年3月, 2027.3, and 3月 in the plan's own year; as it stands where it is no month."""
    if found := BARE_MONTH.fullmatch(compact(word)):
        return _in_year(int(found[1]), plan)
    try:
        named = month(word)
    except ValueError:
        return word
    return f"{named:%Y-%m}" if named else ""


def _in_year(number: int, plan: Plan) -> str:
    begins = plan.year.starts if plan.year else plan.term.starts
    year = begins.year + (number < begins.month)
    return f"{date(year, number, 1):%Y-%m}"
