"""The pool of experts out of a sheet: matched with whoever is known, accounts opened for the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from accounts.crypto import fingerprint
from accounts.models import Appointment, Kind, Organisation, Principal, Role, User
from applications import experts
from applications.models import Expert
from office import history
from office.sheets import Column, person_name, place_name, plain, yes
from studios.models import Stage

from .account_rosters import NAME, USERNAME, email
from .cells import Cell, Given, text
from .opening_rows import OpensAccounts
from .people_known import People, Places, named
from .resources import phone
from .roster import NEW, OPENED, RosterResource
from .scopes import EVERYTHING

STAGES: dict[str, str] = {
    **{str(label): value for value, label in Stage.choices},
    "学前": Stage.KINDERGARTEN,
    "学前教育": Stage.KINDERGARTEN,
    "幼教": Stage.KINDERGARTEN,
    "初级中学": Stage.JUNIOR,
    "高中": Stage.SENIOR,
    "普通高中": Stage.SENIOR,
    "中职": Stage.SENIOR,
}
EVERY = ("全部", "各学段", "全学段")
JUDGES = "将授予“评审专家”角色"


def stages(value: str) -> list[str]:
    """The stages that a cell names (小学、初中), in their own order. Raises ValueError with what is none."""
    whole = place_name(value)
    if whole in EVERY:
        return [str(stage) for stage in Stage.values]
    if whole in STAGES:
        return [STAGES[whole]]
    names = [name for name in re.split("[、，,;；/和]", whole) if name]
    if unknown := [name for name in names if name not in STAGES]:
        raise ValueError(unknown[0])
    return [str(stage) for stage in Stage.values if stage in {STAGES[name] for name in names}]


class ExpertResource(OpensAccounts):
    """评审专家名单: known by user name, by the phone of a principal's record, by name and unit."""

    heading = "导入评审专家"
    crumbs = (("评审专家库", "expert-list"),)
    columns = (
        Column("姓名", ("专家姓名", *NAME.aliases), required=True),
        USERNAME,
        Column("手机号", ("手机", "联系电话", "手机号码")),
        Column("所在单位", ("工作单位", "单位", "机构", "学校")),
        Column("职务", ("职务职称", "现任职务", "职称")),
        Column("旗县区", ("所在旗县区", "所属旗县区")),
        Column("可评学段", ("学段", "评审学段", "可评审学段"), required=True),
        Column("专长", ("研究方向", "专业领域", "专业", "学科", "领域")),
        Column("电子邮箱", ("邮箱", "E-mail")),
        Column("在库", ("是否在库",)),
    )
    name_column = "姓名"
    examples = [
        ["刘示例", None, None, "市教育科学研究中心", "研究员", None, "小学、初中", "学校管理", None, "是"]
    ]
    understood = (
        "已有账号的人按用户名、手机号、姓名加单位认出，不另建账号；没有的，建立账号并生成账号通知单。",
        "可评学段以顿号分隔：小学、初中；“全部”为各学段。系统外的单位填不进机构名录的，写在“职务”里。",
    )

    name = Given("name", "姓名", Cell(text(40, person_name), "姓名{}", "没有姓名"))
    unit = Given("unit", "所在单位", Cell(str, "所在单位{}"))
    post = Given("post", "职务", Cell(text(60, plain), "职务{}"))
    county = Given("county", "旗县区", Cell(str, "旗县区{}"))
    stages = Given("stages", "可评学段", Cell(stages, "可评学段“{}”无法识别", "没有可评学段"))
    speciality = Given("speciality", "专长", Cell(text(100, plain), "专长{}"))
    email = Given("email", "电子邮箱", Cell(email, "电子邮箱“{}”不正确"))
    active = Given("active", "在库", Cell(lambda value: yes(value or "是"), "在库“{}”无法识别"))

    class Meta(RosterResource.Meta):
        model = Expert
        fields = ("name", "unit", "post", "county", "stages", "speciality", "email", "active")

    @classmethod
    def open_to(cls, me: Any) -> bool:
        return experts.keeps_pool(me)

    def load(self) -> None:
        self.today = timezone.localdate(self.at)
        self.places = Places(EVERYTHING, self.today)
        self.fields["unit"].widget.read = self._unit
        self.fields["county"].widget.read = self._county
        self.people = People(EVERYTHING, self.today)
        self.pool = {row.user_id: row for row in Expert.objects.select_related("user", "unit", "county")}
        records = Principal.objects.exclude(phone_mac="").filter(user__isnull=False)
        self.by_phone = {row.phone_mac: row.user_id for row in records.only("phone_mac", "user_id")}
        owner = self.me.organisation
        held = experts.of_owner(owner, self.at) if owner else Appointment.objects.none()
        self.judging = set(held.values_list("user_id", flat=True))
        self.rows: dict[Any, int] = {}

    def _unit(self, value: str) -> Organisation | None:
        return self.places.find(value) if value else None

    def _county(self, value: str) -> Organisation | None:
        found = self.places.find(value) if value else None
        if found and found.kind not in (Kind.COUNTY, Kind.BUREAU):
            raise ValueError(f"“{value}”不是旗县区")
        return found if found and found.kind == Kind.COUNTY else None

    def _whoever(self, row: dict[str, str]) -> User | None:
        """The account that the row means. Raises ValueError with the reason where it can't be told."""
        name, username = named(row)
        unit = self.places.known.get(place_name(row.get("所在单位")))
        known = self.by_phone.get(fingerprint(phone(row.get("手机号", "")))) if not username else None
        if known:
            return next((user for user in self.people.by_name.get(name, []) if user.pk == known), None)
        found = self.people.find(name, username, unit)
        if username and found is None:
            raise ValueError(f"没有用户名为 {username} 的账号，新建账号的请不填用户名")
        if found and not username and unit and not self._belongs(found, unit):
            return None  # a namesake of another unit
        return found

    def _belongs(self, user: User, unit: Organisation) -> bool:
        expert = self.pool.get(user.pk)
        return unit.pk in self.people.places[user.pk] or (
            expert is not None and expert.unit_id in (None, unit.pk)
        )

    def find(self, row: dict[str, str]) -> Any:
        self.trouble, user = "", None
        try:
            user = self._whoever(row)
        except ValueError as error:
            self.trouble = str(error)
        self.person = user
        expert: Any = self.pool.get(user.pk) if user else None
        if user and expert:
            expert.name, expert.email = user.name, user.email
        return expert

    def check(self, instance: Any, row: dict[str, str]) -> Iterator[str]:
        if self.trouble:
            yield self.trouble
        if self.person is None and (instance.county or instance.unit) is None:
            yield "没有账号的专家，须填机构名录中的所在单位，系统外的填旗县区"
        if earlier := self.rows.get(self._key(instance)):
            yield f"与第 {earlier} 行重复"
        if not instance.county:
            instance.county = experts.county_of(instance.unit)
        if not instance.pk:
            instance.user = self.person or User(name=instance.name)
            instance.email = instance.email or instance.user.email

    def _key(self, instance: Any) -> Any:
        return self.person.pk if self.person else (instance.name, instance.unit and instance.unit.pk)

    def remember(self, instance: Any, row_number: int) -> None:
        self.rows[self._key(instance)] = row_number

    def notes(self, instance: Any, outcome: str) -> list[str]:
        if self.person is None:
            return [OPENED] if outcome == NEW else []
        known = [f"账号 {self.person.username}"] if outcome == NEW else []
        return known + ([JUDGES] if instance.active and self.person.pk not in self.judging else [])

    def before_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """An expert has no keys to derive."""

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        owner = self.me.organisation
        assert owner is not None
        if is_create and self.person is None:
            instance.user = self.open(instance.name, "", Role.EXPERT, owner, self.today, instance.email)
        elif self.person and instance.active and self.person.pk not in self.judging:
            self._appoint(self.person, owner)
        if instance.pk and instance.email != instance.user.email:
            instance.user.email = instance.email
            instance.user.save(update_fields=["email"])
        experts.keep(instance, None, self.me, self.at)

    def _appoint(self, user: User, owner: Organisation) -> None:
        held = Appointment.objects.create(user=user, role=Role.EXPERT, organisation=owner, starts=self.today)
        facts = {"任职": ["", str(held)], "开始日期": ["", held.starts.isoformat()]}
        history.record(user, "appoint", "任职开始", self.me, self.at, facts)

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """The entry is written where the expert is kept."""

    def shown(self, attribute: str, value: Any) -> str:
        if attribute == "stages":
            return "、".join(str(Stage(stage).label) for stage in value or [])
        if isinstance(value, Organisation):
            return value.label
        return {True: "是", False: "否", None: ""}.get(value, str(value))
