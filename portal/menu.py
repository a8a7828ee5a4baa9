"""The menu: what each role finds at the side of every page, in three groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.views.mails import keeps_mail
from portal.audit.scopes import audits
from portal.registry.scopes import keeps_some, sees_principals
from portal.safety.scopes import administers, publishes
from programmes.scopes import owns

Seen = Callable[[Capacity], bool]

OFFICES = (Role.OFFICER, Role.LEADER, Role.FINANCE)


def everyone(me: Capacity) -> bool:
    return True


def roles(*held: Role) -> Seen:
    """Whoever acts in one of these roles."""
    return lambda me: me.holds(*held)


def _business(me: Capacity) -> bool:
    """Whoever has to do with the work itself: not the system's administrator, not who audits only its log."""
    return not me.holds(Role.ADMIN, Role.SECURITY)


def _owners(me: Capacity) -> bool:
    """Officer and leader of whoever owns a programme: the bureau, or a county that runs its own (Art. 19)."""
    return owns(me, Role.OFFICER, Role.LEADER)


def _boards(me: Capacity) -> bool:
    """Officer and leader of bureau and county: the board shows each its own part."""
    return me.holds(Role.OFFICER, Role.LEADER) and me.kind in (Kind.BUREAU, Kind.COUNTY)


def _counties_plans(me: Capacity) -> bool:
    """Bureau and counties: what the counties plan for their studios (Art. 15)."""
    return me.holds(*OFFICES) and me.kind in (Kind.BUREAU, Kind.COUNTY)


def _owners_or_auditors(me: Capacity) -> bool:
    return me.holds(Role.AUDITOR) or _owners(me)


def _studios(me: Capacity) -> bool:
    """Who has to do with studios at work."""
    return _business(me) and not me.holds(Role.EXPERT)


@dataclass(frozen=True)
class Item:
    """One line of the menu; ``name`` is the name of its address. ``badge`` names the address of its number."""

    label: str
    name: str
    seen: Seen = everyone
    badge: str = ""


@dataclass(frozen=True)
class Group:
    label: str
    items: tuple[Item, ...]


MENU = (
    Group(
        "我的",
        (
            Item("工作台", "desk", badge="desk-waiting"),
            Item("我的任务", "jobs"),
            Item("消息", "notices"),
            Item("使用帮助", "help"),
        ),
    ),
    Group(
        "业务",
        (
            Item("申报批次", "call-list", roles(*OFFICES, Role.PRINCIPAL, Role.AUDITOR)),
            Item("申报看板", "call-board", _boards),
            Item("工作室看板", "studio-board", _boards),
            Item("我的申报", "application-list", roles(Role.PRINCIPAL)),
            Item("申报评审", "application-list", roles(Role.OFFICER, Role.LEADER, Role.AUDITOR)),
            Item("拟任成员", "proposedmember-list", roles(Role.OFFICER, Role.LEADER, Role.PRINCIPAL)),
            Item("我的评审", "review-list", roles(Role.EXPERT)),
            Item("公示", "publicity-list", _owners_or_auditors),
            Item("异议", "objection-list", _owners),
            Item("公布", "announcement-list", _owners_or_auditors),
            Item("工作室", "studio-list", _business),
            Item("工作室成员", "membership-list", roles(*OFFICES, Role.PRINCIPAL)),
            Item("规划与计划", "plan-list", _studios),
            Item("年度工作计划", "county-plan", _counties_plans),
            Item("年度总结", "annualsummary-list", _studios),
            Item("支持保障", "supportpledge-list", roles(*OFFICES, Role.PRINCIPAL, Role.AUDITOR)),
            Item("建言献策", "advice-list", _studios),
            Item("职业发展规划", "career-list", roles(*OFFICES, Role.PRINCIPAL)),
            Item("活动", "activity-list", _studios),
            Item("成果", "output-list", _studios),
            Item("公文", "document-list", roles(*OFFICES, Role.AUDITOR)),
        ),
    ),
    Group(
        "管理",
        (
            Item("办法与解读", "articles"),
            Item("提问与解读", "interpretation-list"),
            Item("机构", "registry:organisations", keeps_some),
            Item("人员", "registry:people", keeps_some),
            Item("任职", "registry:appointments", keeps_some),
            Item("校长档案", "registry:principals", sees_principals),
            Item("评审专家库", "expert-list", _owners),
            Item("评分标准", "rubric-list", _owners),
            Item("项目参数", "programme", lambda me: owns(me, Role.OFFICER)),
            Item("节假日", "holidays", lambda me: me.officer_of(Kind.BUREAU)),
            Item("邮件", "mails", keeps_mail),
            Item("登录安全", "safety", administers),
            Item("个人信息说明", "data-notice", publishes),
            Item("登录记录", "audit:sign_ins", audits),
            Item("办理日志", "audit:entries", audits),
        ),
    ),
)


@cache
def address(name: str) -> str:
    """The address of this name, or an empty string where the program has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def menu(me: Capacity, path: str) -> list[dict[str, object]]:
    """The groups ``me`` sees, the line of the page at ``path`` marked; asks the database nothing."""
    shown = [
        (group, [item for item in group.items if item.seen(me) and address(item.name)]) for group in MENU
    ]
    active = _active([item for _, items in shown for item in items], path)
    return [
        {"label": group.label, "items": [_line(item, item is active) for item in items]}
        for group, items in shown
        if items
    ]


def _active(items: list[Item], path: str) -> Item | None:
    """The item whose address the page lies under; the longest where several fit."""
    under = [item for item in items if path.startswith(address(item.name))]
    return max(under, key=lambda item: len(address(item.name)), default=None)


def _line(item: Item, active: bool) -> dict[str, object]:
    return {
        "label": item.label,
        "url": address(item.name),
        "active": active,
        "badge_url": address(item.badge) if item.badge else None,
    }
