"""An application as it is read: the form in words, section by section, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.capacity import Capacity
from accounts.models import Role
from applications.content import SECTIONS, USES, Field, Section, budget_total, value_of
from applications.models import Application, ApplicationState, ApplicationVersion, MemberState
from applications.privacy import sees_phone
from office.models import Entry
from office.templatetags.office import money, month

SHOWN = ("basics", "lead", "cv", "qualities", "plan", "staff", "support", "pledge")
CONTACT = ("email",)
# Shares of a printed table's width; text of one line has two.
WIDTHS = {"long": 4.0, "month": 1.4, "choice": 1.3}


@dataclass(frozen=True)
class Table:
    """The rows of one field, said in words; ``widths`` are the shares of the columns on paper."""

    label: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Part:
    """One section to read: short facts (components/details.html), long texts under their labels, tables, promises."""

    key: str
    label: str
    details: list[dict[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    ticks: list[tuple[str, bool]] = field(default_factory=list)


def asked(application: Application) -> Entry | None:
    """The return that says what to mend, while the application is being mended; None otherwise."""
    if application.state != ApplicationState.RETURNED:
        return None
    returns = Entry.objects.of(application).filter(target=ApplicationState.RETURNED)
    return returns.select_related("user", "appointment__organisation").last()


def said(field: Field, value: Any) -> str:
    """One value in words; rows line by line; "" for nothing."""
    if field.kind == "rows":
        return "\n".join("；".join(word for word in _cells(field, row) if word) for row in value or ())
    return _word(field, value)


def _word(field: Field, value: Any) -> str:
    if field.kind == "check":
        return "是" if value else ""
    if not value:
        return ""
    if field.kind == "month":
        year, _, number = str(value).partition("-")
        return f"{year}年{int(number)}月"
    if field.kind == "money":
        return money(Decimal(value))
    if field.kind == "choice":
        return str(dict(field.choices).get(value, value))
    return str(value)


def _cells(field: Field, row: Mapping[str, Any]) -> list[str]:
    return [_word(column, row.get(column.key, "")) for column in field.columns]


def parts(application: Application, me: Capacity) -> list[Part]:
    """The sections as ``me`` may read them; members and materials have places of their own. No query."""
    return [_part(application, SECTIONS[key], me) for key in SHOWN]


def _part(application: Application, section: Section, me: Capacity) -> Part:
    part = Part(section.key, section.label)
    if section.key == "basics":
        part.details.extend(basic_facts(application))
    if section.key == "lead":
        part.details.extend(lead_facts(application, me))
    if section.key == "support":
        part.tables.append(_budget(application))
    for each in section.fields:
        if not _kept_back(each, me):
            _add(part, each, value_of(application, section, each))
    return part


def _kept_back(field: Field, me: Capacity) -> bool:
    """Contacts are not for experts; the uses of the budget stand in one table."""
    return (field.key in CONTACT and me.holds(Role.EXPERT)) or field.key.startswith("budget_")


def _add(part: Part, field: Field, value: Any) -> None:
    if field.kind == "rows":
        rows = [_cells(field, row) for row in value]
        labels = tuple(column.label for column in field.columns)
        widths = tuple(WIDTHS.get(column.kind, 2.0) for column in field.columns)
        part.tables.append(Table(field.label, labels, rows, widths))
    elif field.kind == "long":
        if value or field.required:
            part.texts.append((field.label, said(field, value)))
    elif field.kind == "check":
        part.ticks.append((field.label, bool(value)))
    else:
        part.details.append({"label": field.label, "value": said(field, value)})


def _budget(application: Application) -> Table:
    held = application.content.get("support", {})
    rows = [[label, money(Decimal(amount))] for key, label in USES if (amount := held.get(f"budget_{key}"))]
    if rows:
        rows.append(["合计", money(budget_total(held))])
    return Table("每年经费预算", ("用途", "金额"), rows)


def basic_facts(application: Application) -> list[dict[str, Any]]:
    """What the call and the school's record say."""
    school = application.school
    area = f"{school.get_area_display()}{' · 薄弱学校' if school.weak else ''}"
    return [
        {"label": "申报批次", "value": application.call.name},
        {"label": "主管部门", "value": application.authority.name},
        {"label": "依托学校", "value": school.name},
        {"label": "办学类型", "value": school.get_school_type_display()},
        {"label": "城乡类型", "value": area},
    ]


def lead_facts(application: Application, me: Capacity) -> list[dict[str, Any]]:
    """What the principal's record says, as far as ``me`` may read it."""
    lead = application.lead
    facts = [
        {"label": "姓名", "value": lead.name},
        {"label": "性别", "value": lead.get_sex_display()},
        {"label": "民族", "value": lead.ethnicity},
        {"label": "出生年月", "value": month(lead.birth_month)},
        {"label": "政治面貌", "value": lead.political_status},
        {"label": "学历", "value": lead.get_education_display()},
        {"label": "职称", "value": lead.title},
        {"label": "现任职务", "value": f"{lead.post}（{'正职' if lead.head else '副职'}）"},
        {"label": "任正职时间", "value": month(lead.head_since)},
        {"label": "称号", "value": "、".join(lead.basis())},
    ]
    if not me.holds(Role.EXPERT):
        facts.append(
            {"label": "手机号", "value": lead.phone if sees_phone(application, me) else lead.masked_phone}
        )
    return facts


@dataclass(frozen=True)
class Change:
    """One field that is not what it was."""

    section: str
    label: str
    before: str
    after: str


def changes(versions: list[ApplicationVersion]) -> list[Change]:
    """What the last of two versions says differently from the one before."""
    before, after = (version.content for version in versions)
    return [change for section in SECTIONS.values() for change in _changes(section, before, after)] + _others(
        before, after
    )


def _changes(section: Section, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get(section.key, {}), after.get(section.key, {})
    for each in section.fields:
        if old.get(each.key) != new.get(each.key):
            yield Change(
                section.label, each.label, said(each, old.get(each.key)), said(each, new.get(each.key))
            )


def _others(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The list of members, as snapshot keeps it."""
    old, new = before.get("members", []), after.get("members", [])
    return [Change("拟任成员", "成员名单", "\n".join(old), "\n".join(new))] if old != new else []


def snapshot(application: Application) -> dict[str, Any]:
    """The form as sent: its content, the columns that belong to it, the members by name and school; one query."""
    basics = {each.key: value_of(application, SECTIONS["basics"], each) for each in SECTIONS["basics"].fields}
    members = (
        application.members.filter(state__in=MemberState.live)
        .select_related("principal__school")
        .order_by("principal__sort_key", "pk")
    )
    names = [
        f"{member.principal.name}（{member.principal.school.name}，{member.basis or '例外'}）"
        for member in members
    ]
    return {**application.content, "basics": basics, "members": names}
