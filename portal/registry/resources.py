"""The two rosters a bureau keeps: schools, and principals with deputies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accounts.capacity import Capacity
from accounts.crypto import fingerprint
from accounts.identity import birth_date, check_identity, sex
from accounts.models import Kind, Organisation, Principal, mask_identity, mask_phone
from office.sheets import Column, compact, month, person_name, place_name, yes
from studios.flows import members_change_school

from .cells import Cell, Given, one_of, text
from .roster import REGISTRY, RosterResource
from .scopes import keeps_all, keeps_principals
from .words import AREAS, EDUCATIONS, POLITICAL, SCHOOL_TYPES, SEXES, ethnicity, is_head

_SCHOOL_CODE = re.compile(r"\d{10}")
_PHONE = re.compile(r"1\d{10}")
_SUFFIX = re.compile(r"(.{2,})[区旗县]$")
_OFFICE = re.compile(r"(教育局|教育体育局|教体局|教育和体育局)$")


def authorities() -> dict[str, Organisation]:
    """Bureau and counties under every way they are written."""
    found: dict[str, Organisation] = {}
    for organisation in Organisation.objects.filter(kind__in=[Kind.BUREAU, Kind.COUNTY]):
        for name in organisation.names():
            place = _OFFICE.sub("", name)
            for written in (name, place, _SUFFIX.sub(r"\1", place)):
                found.setdefault(written, organisation)
    return found


def outside(me: Capacity, school: Organisation) -> bool:
    """Whether ``school`` is beyond what this capacity may import."""
    return not (me.clock or keeps_all(me)) and school.parent_id != me.organisation_id


def school_code(value: str) -> str | None:
    """The ten digits of the identification code; None for an empty cell. Raises ValueError otherwise."""
    number = compact(value)
    if number and not _SCHOOL_CODE.fullmatch(number):
        raise ValueError(value)
    return number or None


class SchoolResource(RosterResource):
    """中小学、幼儿园基本信息表: matched by identification code, then by name."""

    heading = "导入学校名册"
    crumbs = (REGISTRY, ("机构", "registry:organisations"))
    columns = (
        Column("学校（园）名称", ("学校名称", "单位名称", "学校", "名称"), required=True),
        Column("学校标识码", ("标识码", "学校代码", "学校（机构）标识码")),
        Column("主管部门", ("主管教育行政部门", "所属旗县区", "旗县区", "所属区县"), required=True),
        Column("办学类型", ("学校类型", "学校（园）类型", "学段"), required=True),
        Column("城乡类型", ("城乡分类", "所在区域")),
        Column("是否薄弱学校", ("薄弱学校", "是否薄弱")),
        Column("联系人"),
        Column("联系电话", ("电话", "办公电话")),
    )
    name_column = "学校（园）名称"

    name = Given("name", "学校（园）名称", Cell(text(100, place_name), "学校名称{}", "没有学校名称"))
    school_code = Given("school_code", "学校标识码", Cell(school_code, "学校标识码“{}”不是 10 位数字"))
    parent = Given("parent", "主管部门", Cell(str, "主管部门“{}”不在机构名录中", "没有主管部门"))
    school_type = Given(
        "school_type", "办学类型", Cell(one_of(SCHOOL_TYPES), "办学类型“{}”无法识别", "没有办学类型")
    )
    area = Given("area", "城乡类型", Cell(one_of(AREAS), "城乡类型“{}”无法识别"))
    weak = Given("weak", "是否薄弱学校", Cell(yes, "是否薄弱学校“{}”无法识别"))
    contact = Given("contact", "联系人", Cell(text(40), "联系人{}"))
    contact_phone = Given("contact_phone", "联系电话", Cell(text(30, compact), "联系电话{}"))

    class Meta(RosterResource.Meta):
        model = Organisation
        fields = ("name", "school_code", "parent", "school_type", "area", "weak", "contact", "contact_phone")

    def load(self) -> None:
        self.authorities = authorities()
        self.fields["parent"].widget.read = self.authority
        self.by_code: dict[str, Organisation] = {}
        self.by_name: dict[str, Organisation] = {}
        self.rows: dict[str, int] = {}  # code or name, to the row that was accepted with it
        self.others = set(Organisation.objects.exclude(kind=Kind.SCHOOL).values_list("name", flat=True))
        for school in (
            Organisation.objects.schools().filter(succeeded_on__isnull=True).select_related("parent")
        ):
            self._know(school)

    def authority(self, value: str) -> Organisation:
        """The bureau or county so written. Raises ValueError when there is none."""
        name = place_name(value)
        found = self.authorities.get(name) or self.authorities.get(_OFFICE.sub("", name))
        if found is None:
            raise ValueError(value)
        return found

    def find(self, row: dict[str, str]) -> Organisation | None:
        by_code = self.by_code.get(compact(row.get("学校标识码")))
        return by_code or self.by_name.get(place_name(row.get("学校（园）名称")))

    def check(self, instance: Organisation, row: dict[str, str]) -> Iterator[str]:
        if outside(self.me, instance):
            yield "只能导入本旗县区的学校"
        if instance.name in self.others:
            yield f"“{instance.name}”已是其他机构的名称"
        if earlier := self.rows.get(instance.name):
            yield f"与第 {earlier} 行重复：同一所学校"
        elif self._code_of_another(instance):
            other = self.by_code[instance.school_code or ""]
            yield f"学校标识码 {instance.school_code} 已被“{other.name}”使用"
        elif (same := self.by_name.get(instance.name)) and same.pk != instance.pk:
            yield f"已有名为“{instance.name}”的另一所学校"

    def _code_of_another(self, school: Organisation) -> bool:
        """The code is known with another name: a renamed school keeps its authority, others don't."""
        other = self.by_code.get(school.school_code or "")
        if other is None or other.name == school.name:
            return False
        return other.school_code in self.rows or other.parent_id != school.parent_id

    def remember(self, instance: Organisation, row_number: int) -> None:
        self.rows[instance.name] = row_number
        if instance.school_code:
            self.rows[instance.school_code] = row_number
        self._know(instance)

    def before_save_instance(self, instance: Organisation, row: dict[str, str], **kwargs: Any) -> None:
        instance.kind = Kind.SCHOOL
        super().before_save_instance(instance, row, **kwargs)

    def shown(self, attribute: str, value: Any) -> str:
        return value.label if isinstance(value, Organisation) else super().shown(attribute, value)

    def _know(self, school: Organisation) -> None:
        self.by_name[school.name] = school
        if school.school_code:
            self.by_code[school.school_code] = school


def identity(value: str) -> str:
    """The identity number, checked. Raises ValueError with the reason."""
    number = compact(value).upper()
    check_identity(number)
    return number


def phone(value: str) -> str:
    """A mobile number of eleven digits, or nothing. Raises ValueError with the reason."""
    number = compact(value).removeprefix("+86").replace("-", "")
    if number and not _PHONE.fullmatch(number):
        raise ValueError(
            f"手机号应为 11 位，现有 {len(number)} 位" if number.isdecimal() else "手机号含有不应有的字符"
        )
    return number


def _ethnicity(value: str) -> str:
    return ethnicity(place_name(value))


def _political(value: str) -> str:
    status = text(20, place_name)(value)
    return POLITICAL.get(status, status)


class PrincipalResource(RosterResource):
    """校长、园长信息采集表: matched by identity number; the school must be in the registry."""

    heading = "导入校长名册"
    crumbs = (REGISTRY, ("校长档案", "registry:principals"))
    columns = (
        Column("姓名", required=True),
        Column("性别"),
        Column("民族", required=True),
        Column("身份证号", ("身份证号码", "公民身份号码", "身份证"), required=True),
        Column("出生年月", ("出生日期",)),
        Column("政治面貌"),
        Column("学历", ("最高学历",)),
        Column("职称", ("专业技术职务",)),
        Column("所在学校", ("学校", "工作单位", "所在单位", "学校（园）名称"), required=True),
        Column("现任职务", ("职务",), required=True),
        Column("任正职时间", ("任现职时间", "任职时间")),
        Column("是否市级名校长", ("市级名校长", "名校长")),
        Column("市级以上骨干校长培训", ("骨干校长培训",)),
        Column("名校长培养工程", ("名校长培养工程培养对象",)),
        Column("手机号", ("手机号码", "手机", "联系电话")),
    )
    name_column = "姓名"
    derived = [("head", "正职")]

    name = Given("name", "姓名", Cell(text(40, person_name), "姓名{}", "没有姓名"))
    sex = Given("sex", "性别", Cell(one_of(SEXES), "性别“{}”无法识别"))
    ethnicity = Given("ethnicity", "民族", Cell(_ethnicity, "民族“{}”无法识别", "没有民族"))
    identity = Given("identity", "身份证号", Cell(identity, required="没有身份证号"))
    birth_month = Given("birth_month", "出生年月", Cell(month, "出生年月“{}”无法识别"))
    political_status = Given("political_status", "政治面貌", Cell(_political, "政治面貌{}"))
    education = Given("education", "学历", Cell(one_of(EDUCATIONS), "学历“{}”无法识别"))
    title = Given("title", "职称", Cell(text(40), "职称{}"))
    school = Given("school", "所在学校", Cell(str, "所在学校“{}”不在学校名录中", "没有所在学校"))
    post = Given("post", "现任职务", Cell(text(60, place_name), "现任职务{}", "没有现任职务"))
    head_since = Given("head_since", "任正职时间", Cell(month, "任正职时间“{}”无法识别"))
    famous = Given("famous", "是否市级名校长", Cell(yes, "是否市级名校长“{}”无法识别"))
    backbone_training = Given("backbone_training", "市级以上骨干校长培训", Cell(text(100), "骨干校长培训{}"))
    training_programme = Given("training_programme", "名校长培养工程", Cell(text(60), "名校长培养工程{}"))
    phone = Given("phone", "手机号", Cell(phone))

    class Meta(RosterResource.Meta):
        model = Principal
        fields = (
            "name",
            "sex",
            "ethnicity",
            "identity",
            "birth_month",
            "political_status",
            "education",
            "title",
            "school",
            "post",
            "head_since",
            "famous",
            "backbone_training",
            "training_programme",
            "phone",
        )

    @classmethod
    def open_to(cls, me: Capacity) -> bool:
        """Whoever keeps principals' records; not the administrator."""
        return keeps_principals(me)

    def load(self) -> None:
        self.fields["school"].widget.read = self.find_school
        self.schools: dict[str, Organisation] = {}
        for school in Organisation.objects.schools().filter(succeeded_on__isnull=True):
            for name in school.names():
                self.schools.setdefault(name, school)
        records = Principal.objects.select_related("school")
        self.by_mac = {principal.identity_mac: principal for principal in records}
        self.rows: dict[str, int] = {}

    def find_school(self, value: str) -> Organisation:
        """The school of that name. Raises ValueError when the registry has none."""
        found = self.schools.get(place_name(value))
        if found is None:
            raise ValueError(value)
        return found

    def find(self, row: dict[str, str]) -> Principal | None:
        return self.by_mac.get(fingerprint(compact(row.get("身份证号")).upper()))

    def check(self, instance: Principal, row: dict[str, str]) -> Iterator[str]:
        if earlier := self.rows.get(instance.identity):
            yield f"身份证号与第 {earlier} 行重复"
        if outside(self.me, instance.school) or self._kept_elsewhere(instance):
            yield "只能导入本旗县区学校的校长"
        yield from self._agree(instance, row)
        instance.head = is_head(instance.post)
        if not instance.head:
            instance.head_since = None

    def _kept_elsewhere(self, principal: Principal) -> bool:
        """The record exists at a school that this capacity does not keep."""
        known = self.by_mac.get(fingerprint(principal.identity))
        return known is not None and outside(self.me, known.school)

    def _agree(self, principal: Principal, row: dict[str, str]) -> Iterator[str]:
        """Birth month and sex are those of the identity number, and follow from it where not given."""
        born = birth_date(principal.identity).replace(day=1)
        if row.get("出生年月") and principal.birth_month != born:
            yield "出生年月与身份证号不一致"
        if row.get("性别") and principal.sex != sex(principal.identity):
            yield "性别与身份证号不一致"
        principal.birth_month, principal.sex = born, sex(principal.identity)

    def after_save_instance(self, instance: Principal, row: dict[str, str], **kwargs: Any) -> None:
        super().after_save_instance(instance, row, **kwargs)
        if not kwargs["dry_run"] and self.before and self.before["school"] != instance.school:
            members_change_school(instance, self.me, self.at, None)

    def remember(self, instance: Principal, row_number: int) -> None:
        self.rows[instance.identity] = row_number

    def shown(self, attribute: str, value: Any) -> str:
        if attribute in ("identity", "phone"):
            return mask_identity(value) if attribute == "identity" else mask_phone(value or "")
        return str(value) if isinstance(value, Organisation) else super().shown(attribute, value)
