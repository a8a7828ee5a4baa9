"""Rosters of accounts: people who are to log in, and the appointments under which they act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from accounts.models import Appointment, Organisation, Principal, Role, User
from office import history
from office.sheets import Column, compact, full_date, person_name

from .cells import Cell, Given, one_of, text
from .forms import PLACES, assignable_roles
from .opening_rows import OpensAccounts
from .openings import link_account
from .people_known import ROLES, People, Places, named
from .roster import NEW, OPENED, REGISTRY, RosterResource
from .scopes import EVERYTHING, GUARDED, editable_organisations, editable_users, keeps_all, visible_users

NAME = Column("姓名", ("教师姓名", "人员姓名"), required=True)
USERNAME = Column("用户名", ("登录名", "账号"))
PLACE = Column("机构", ("单位", "所在单位", "工作单位", "学校", "机构名称", "单位名称"), required=True)
ROLE = Column("角色", ("系统角色", "身份"), required=True)


def username(value: str) -> str:
    """A user name as the form accepts it, or nothing. Raises ValueError with the reason."""
    found = text(150, compact)(value)
    try:
        if found:
            UnicodeUsernameValidator()(found)
    except ValidationError as error:
        raise ValueError("含有不应有的字符") from error
    return found


def email(value: str) -> str:
    """An e-mail address or nothing. Raises ValueError."""
    found = compact(value)
    try:
        if found:
            validate_email(found)
    except ValidationError as error:
        raise ValueError(value) from error
    return found


def day_words(value: Any) -> str:
    return value.isoformat() if value else ""


class PersonResource(OpensAccounts):
    """人员名单: an account with its first appointment; who has an account keeps it, the e-mail is brought up to date."""

    heading = "导入人员名单"
    crumbs = (REGISTRY, ("人员", "registry:people"))
    columns = (
        NAME,
        PLACE,
        ROLE,
        USERNAME,
        Column("电子邮箱", ("邮箱", "E-mail", "邮件")),
        Column("开始日期", ("任职日期", "任职开始日期")),
    )
    name_column = "姓名"
    understood = (
        "用户名不填的，按姓名拼音加两位数字编排；初始密码随机生成，确认后以账号通知单取走一次。",
        "已有账号的人不重复建立；为其增加任职请用“导入任职名单”。",
    )

    name = Given("name", "姓名", Cell(text(40, person_name), "姓名{}", "没有姓名"))
    place = Given("place", "机构", Cell(str, "机构{}", "没有机构"))
    role = Given("role", "角色", Cell(one_of(ROLES), "角色“{}”无法识别", "没有角色"))
    username = Given("username", "用户名", Cell(username, "用户名{}"))
    email = Given("email", "电子邮箱", Cell(email, "电子邮箱“{}”不正确"))
    starts = Given("starts", "开始日期", Cell(full_date, "开始日期“{}”无法识别"))

    class Meta(RosterResource.Meta):
        model = User
        fields = ("name", "place", "role", "username", "email", "starts")

    def load(self) -> None:
        self.today = timezone.localdate(self.at)
        self.places = Places(editable_organisations(self.me), self.today)
        self.fields["place"].widget.read = self.places.find
        self.people = People(EVERYTHING if keeps_all(self.me) else visible_users(self.me), self.today)
        self.kept = set(User.objects.filter(editable_users(self.me)).values_list("pk", flat=True))
        self.taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
        open_ended = Appointment.objects.valid(self.today)
        self.held = set(open_ended.values_list("user_id", "role", "organisation_id"))
        self.rows: dict[tuple[Any, ...], int] = {}
        records = Principal.objects.filter(user=None).select_related("school")
        self.records = {(row.school_id, row.name): row for row in records}

    def find(self, row: dict[str, str]) -> User | None:
        name, given = named(row)
        place = self.places.known.get(compact(row.get("机构")))
        try:
            user = self.people.find(name, given, place)
        except ValueError:
            return None  # said in check
        if user is None or (not given and (place is None or place.pk not in self.people.places[user.pk])):
            return None  # a namesake elsewhere is another person
        user.place, user.role, user.starts = place, ROLES.get(row.get("角色", ""), ""), None  # type: ignore[attr-defined]
        return user

    def check(self, instance: Any, row: dict[str, str]) -> Iterator[str]:
        if earlier := self.rows.get(self._key(instance)):
            yield f"与第 {earlier} 行重复"
        yield from self._role(instance.role, instance.place)
        if instance.pk:
            yield from self._known(instance)
        else:
            yield from self._new(instance, row)
            instance.starts = instance.starts or self.today

    def _key(self, instance: Any) -> tuple[Any, ...]:
        return (instance.username.lower(),) if instance.username else (instance.name, instance.place.pk)

    def _role(self, role: str, place: Organisation) -> Iterator[str]:
        if role not in assignable_roles(self.me):
            yield f"您不能授予“{Role(role).label}”这一角色"
        elif place.kind not in PLACES[role]:
            yield f"{place.get_kind_display()}没有“{Role(role).label}”这一角色"

    def _known(self, instance: Any) -> Iterator[str]:
        if (instance.pk, instance.role, instance.place.pk) not in self.held:
            yield f"此人已有账号 {instance.username}，增加任职请用“导入任职名单”"
        if instance.pk not in self.kept and instance.email != self.before["email"]:
            yield "此人的账号不由您管理"
        instance.starts = None

    def _new(self, instance: Any, row: dict[str, str]) -> Iterator[str]:
        if instance.username and instance.username.lower() in self.taken:
            yield f"用户名 {instance.username} 已被使用"
        if instance.role == Role.PRINCIPAL and (instance.place.pk, instance.name) not in self.records:
            yield "校长档案中没有该校这位尚无账号的校长，请先导入校长名册"

    def remember(self, instance: Any, row_number: int) -> None:
        self.rows[self._key(instance)] = row_number

    def notes(self, instance: Any, outcome: str) -> list[str]:
        return [OPENED] if outcome == NEW else []

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        if not is_create:
            instance.save(update_fields=["email"])
            return
        user = self.open(
            instance.name, instance.username, instance.role, instance.place, instance.starts, instance.email
        )
        if instance.role == Role.PRINCIPAL:
            link_account(self.records[instance.place.pk, instance.name], user, self.me, self.at)

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        if self.before:  # the entry of a new account is written where it is opened
            super().after_save_instance(instance, row, **kwargs)

    def shown(self, attribute: str, value: Any) -> str:
        return str(value or "")


class AppointmentResource(RosterResource):
    """任职名单: who acts in which role of which organisation, from when, until when; with a last day it ends."""

    heading = "导入任职名单"
    crumbs = (REGISTRY, ("任职", "registry:appointments"))
    columns = (
        NAME,
        USERNAME,
        PLACE,
        ROLE,
        Column("开始日期", ("任职日期", "起始日期", "任职开始日期")),
        Column("结束日期", ("离任日期", "截止日期", "任职结束日期", "免职日期")),
    )
    name_column = "姓名"
    understood = (
        "人员须已有账号；同名的填写用户名。开始日期不填的，自今日起。",
        "已有的任职填写结束日期，即在这一天结束（批量离任）；填昨天或更早的日期，权限立即停止。",
    )

    user = Given("user", "姓名", Cell(str, "{}", "没有姓名"))
    organisation = Given("organisation", "机构", Cell(str, "机构{}", "没有机构"))
    role = Given("role", "角色", Cell(one_of(ROLES), "角色“{}”无法识别", "没有角色"))
    starts = Given("starts", "开始日期", Cell(full_date, "开始日期“{}”无法识别"))
    ends = Given("ends", "结束日期", Cell(full_date, "结束日期“{}”无法识别"))

    class Meta(RosterResource.Meta):
        model = Appointment
        fields = ("user", "organisation", "role", "starts", "ends")

    def load(self) -> None:
        self.today = timezone.localdate(self.at)
        self.places = Places(editable_organisations(self.me), self.today)
        self.fields["organisation"].widget.read = self.places.find
        self.fields["user"].widget.read = self._whoever
        self.people = People(visible_users(self.me), self.today)
        self.held: dict[tuple[int, str, int], Appointment] = {}
        rows = Appointment.objects.select_related("user", "organisation").order_by("starts", "pk")
        for row in rows.exclude(ends__lt=self.today):
            self.held[self._key(row)] = row
        self.rows: dict[tuple[int, str, int], int] = {}
        self.person: User | str = ""

    def _key(self, row: Appointment) -> tuple[int, str, int]:
        return (row.user_id, row.role, row.organisation_id)

    def _whoever(self, value: str) -> User:
        """The person of the present row, worked out by ``find``. Raises ValueError with the reason."""
        if isinstance(self.person, str):
            raise ValueError(self.person)
        return self.person

    def find(self, row: dict[str, str]) -> Appointment | None:
        name, given = named(row)
        place = self.places.known.get(compact(row.get("机构")))
        try:
            found = self.people.find(name, given, place)
            self.person = found or f"没有名为“{name}”的人员，请先导入人员名单"
        except ValueError as error:
            found, self.person = None, str(error)
        if found is None or place is None:
            return None
        return self.held.get((found.pk, ROLES.get(row.get("角色", ""), ""), place.pk))

    def check(self, instance: Appointment, row: dict[str, str]) -> Iterator[str]:
        if earlier := self.rows.get(self._key(instance)):
            yield f"与第 {earlier} 行重复"
        if instance.user_id == self.me.user_id:
            yield "不能导入本人的任职"
        if instance.role in GUARDED and not self.me.holds(Role.ADMIN):
            yield f"“{instance.get_role_display()}”的任职由系统管理员办理"
        elif instance.role not in assignable_roles(self.me):
            yield f"您不能授予“{instance.get_role_display()}”这一角色"
        elif instance.organisation.kind not in PLACES[instance.role]:
            kind = instance.organisation.get_kind_display()
            yield f"{kind}没有“{instance.get_role_display()}”这一角色"
        instance.starts = instance.starts or self.today
        if instance.ends and instance.ends < instance.starts:
            yield "结束日期不能早于开始日期"
        elif instance.ends and not instance.pk and instance.ends < self.today:
            yield "没有这项在任的任职可以结束"

    def remember(self, instance: Appointment, row_number: int) -> None:
        self.rows[self._key(instance)] = row_number

    def before_save_instance(self, instance: Appointment, row: dict[str, str], **kwargs: Any) -> None:
        """An appointment has no keys to derive."""

    def after_save_instance(self, instance: Appointment, row: dict[str, str], **kwargs: Any) -> None:
        if kwargs["dry_run"]:
            return
        facts: dict[str, Any] = {"任职": str(instance)}
        facts |= {label: [old, new] for label, old, new in self._changes(instance) if label.endswith("日期")}
        ended = bool(self.before) and instance.ends is not None
        step, label = ("end", "任职结束") if ended else ("appoint", "任职变更" if self.before else "任职开始")
        user = User.objects.select_for_update().get(pk=instance.user_id)
        history.record(user, step, label, self.me, self.at, facts)

    def shown(self, attribute: str, value: Any) -> str:
        if attribute == "role":
            return str(Role(value).label) if value else ""
        return day_words(value) if attribute in ("starts", "ends") else str(value or "")
