"""An application as it is read: its form, the principal's record, and what changed between two versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.capacity import Capacity
from accounts.models import Role
from applications.content import LAYOUT, SECTIONS, USES, budget_total
from applications.models import Application, ApplicationVersion, MemberState
from applications.privacy import sees_phone
from office.filing import reading
from office.filing.fields import Field, Section, value_of
from office.filing.reading import Change, Part, Table, changes
from office.words import money, month

SHOWN = ("basics", "lead", "cv", "qualities", "plan", "staff", "support", "pledge")
CONTACT = ("email",)


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
            part.add(each, value_of(application, section, each))
    return part


def _kept_back(field: Field, me: Capacity) -> bool:
    """Contacts are not for experts; the uses of the budget stand in one table."""
    return (field.key in CONTACT and me.holds(Role.EXPERT)) or field.key.startswith("budget_")


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


def differences(versions: list[ApplicationVersion]) -> list[Change]:
    """What the last of two versions says differently from the one before, its list of members included."""
    before, after = (version.content for version in versions)
    old, new = before.get("members", []), after.get("members", [])
    others = [Change("拟任成员", "成员名单", "\n".join(old), "\n".join(new))] if old != new else []
    return [*changes(LAYOUT, before, after), *others]


def snapshot(application: Application) -> dict[str, Any]:
    """The form as sent, with the members by name and school; one query."""
    members = application.members.filter(state__in=MemberState.live).order_by("principal__sort_key", "pk")
    rows = members.values_list("principal__name", "principal__school__name", "basis")
    names = [f"{name}（{school}，{basis or '例外'}）" for name, school, basis in rows]
    return {**reading.snapshot(application), "members": names}
