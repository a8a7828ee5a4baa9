"""Who is in a bureau of the data set: organisations, accounts, appointments, principals' records. All made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from stdnum.cn import ric

from accounts.chinese import initials, sort_key
from accounts.crypto import EncryptedField, fingerprint
from accounts.models import (
    Appointment,
    Area,
    Education,
    Kind,
    Organisation,
    Principal,
    Role,
    SchoolType,
    SignIn,
    User,
)
from portal.dataset.history import Actor
from portal.dataset.loading import Table
from portal.dataset.sizes import Size
from studios.models import Stage

FAMILY = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张曹严魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳唐"
GIVEN = (
    "文",
    "海",
    "玉",
    "立",
    "春",
    "志",
    "丽",
    "国",
    "建",
    "淑",
    "晓",
    "永",
    "桂",
    "明",
    "雅",
    "广",
    "秀",
    "振",
)
LAST = (
    "华",
    "军",
    "梅",
    "波",
    "燕",
    "刚",
    "萍",
    "庆",
    "英",
    "峰",
    "兰",
    "宁",
    "成",
    "娟",
    "平",
    "堃",
    "静",
    "远",
)
PLACES = ("清泉", "松林", "白桦", "长河", "云山", "新城", "柳河", "石桥", "南山", "东川", "平安", "和顺")
KINDS = (
    (SchoolType.PRIMARY, "小学", Stage.PRIMARY),
    (SchoolType.JUNIOR, "初级中学", Stage.JUNIOR),
    (SchoolType.KINDERGARTEN, "幼儿园", Stage.KINDERGARTEN),
    (SchoolType.SENIOR, "高级中学", Stage.SENIOR),
)
AREAS = (Area.URBAN, Area.TOWN, Area.RURAL)
SINCE = date(2020, 9, 1)
HEADS = 2  # heads of a school: 校长 and 书记
_sealed = EncryptedField()


@dataclass(frozen=True)
class Head:
    """A principal's record with its account."""

    key: int
    name: str
    who: Actor
    birth_month: date


@dataclass(frozen=True)
class School:
    """A school, its authority, its officer and its heads."""

    key: int
    name: str
    authority: int
    stage: str
    officer: Actor
    heads: tuple[Head, ...]


@dataclass
class Place:
    """A bureau with everybody in it."""

    number: int
    key: int
    code: str
    name: str
    officer: Actor
    leader: Actor
    counties: dict[int, Actor] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)


@lru_cache(maxsize=50_000)
def _key_of(name: str, person: bool) -> str:
    return sort_key(name, person=person)


@lru_cache(maxsize=50_000)
def _initials_of(name: str) -> str:
    return initials(name)


def identity_number(region: str, serial: int) -> str:
    """The identity number of the person with this serial in a region; right by its check digit."""
    born = date(1964, 1, 1) + timedelta(days=serial // 999)
    body = f"{region}{born:%Y%m%d}{serial % 999 + 1:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


class People:
    """Writes the organisations and people of one bureau after another."""

    def __init__(self, random: Random, at: datetime) -> None:
        self.random, self.at = random, at
        self.organisations = Table(
            Organisation,
            *(
                "kind",
                "name",
                "short_name",
                "parent_id",
                "code",
                "school_code",
                "school_type",
                "area",
                "weak",
            ),
            *("sort_key", "initials"),
        )
        self.users = Table(User, "username", "name", "sort_key", "date_joined", "password")
        self.appointments = Table(Appointment, "user_id", "role", "organisation_id", "starts")
        self.principals = Table(
            Principal,
            *(
                "user_id",
                "name",
                "school_id",
                "identity",
                "identity_mac",
                "phone",
                "phone_mac",
                "birth_month",
            ),
            *("sex", "ethnicity", "education", "title", "post", "head", "head_since", "famous"),
            *("backbone_training", "sort_key"),
        )
        self.sign_ins = Table(SignIn, "at", "user_id", "username", "address", "outcome")

    def tables(self) -> list[Table]:
        return [self.organisations, self.users, self.appointments, self.principals, self.sign_ins]

    def place(self, number: int, size: Size, bureau: Organisation | None) -> Place:
        """The bureau of this number with its counties and schools; ``bureau`` where it is there already."""
        code, name = (
            (bureau.code or "", bureau.name) if bureau else (f"{200 + number}000", f"第{number}市教育局")
        )
        key = bureau.pk if bureau else self._organisation(Kind.BUREAU, name, None, code)
        made = Place(number, key, code, name, self.someone(Role.OFFICER, key), self.someone(Role.LEADER, key))
        self.someone(Role.FINANCE, key)
        made.counties = {key: made.officer}
        known = list(Organisation.objects.filter(parent=bureau, kind=Kind.COUNTY)) if bureau else []
        for serial in range(size.counties):
            county = (
                known[serial].pk
                if serial < len(known)
                else self._organisation(
                    Kind.COUNTY, f"第{number}市第{serial + 1}县教育局", key, f"{200 + number}{serial + 1:03d}"
                )
            )
            made.counties[county] = self.someone(Role.OFFICER, county)
        counties = [county for county in made.counties if county != key] or [key]
        for serial in range(size.schools):
            made.schools.append(self._school(made, counties[serial % len(counties)], serial))
        return made

    def someone(self, role: str, organisation: int, name: str = "") -> Actor:
        """A new person who acts in ``role`` there."""
        name = name or self._name()
        serial = self.users.last + 1
        joined = self.at - timedelta(days=20)
        user = self.users.add(f"u{serial:07d}", name, _key_of(name, True), joined, "!")
        came = self.at - timedelta(minutes=self.random.randrange(20 * 24 * 60))
        self.sign_ins.add(came, user, f"u{serial:07d}", f"10.{serial % 250}.{serial % 199}.7", "in")
        return Actor(user, self.appointments.add(user, role, organisation, SINCE))

    def _name(self) -> str:
        pick = self.random.choice
        return pick(FAMILY) + pick(GIVEN) + pick(LAST)

    def _organisation(
        self,
        kind: Kind,
        name: str,
        parent: int | None,
        code: str | None,
        school: tuple[str, str, str] = ("", "", ""),
    ) -> int:
        school_code, school_type, area = school
        short = "" if kind == Kind.SCHOOL else name.removesuffix("教育局")
        weak = area == Area.RURAL and self.random.random() < 0.3
        keys = (_key_of(name, False), _initials_of(name))
        row = (kind, name, short, parent, code, school_code or None, school_type, area, weak, *keys)
        return self.organisations.add(*row)

    def _school(self, place: Place, county: int, serial: int) -> School:
        school_type, word, stage = KINDS[serial % len(KINDS)]
        name = f"{PLACES[serial % len(PLACES)]}第{place.number * 10_000 + serial + 1}{word}"
        facts = (f"{31 + place.number:04d}{serial:06d}", school_type, AREAS[serial % len(AREAS)])
        key = self._organisation(Kind.SCHOOL, name, county, None, facts)
        title = "园长" if school_type == SchoolType.KINDERGARTEN else "校长"
        heads = tuple(
            self._head(place, key, f"{post}", serial * HEADS + number)
            for number, post in enumerate((title, "党支部书记"))
        )
        return School(key, name, county, stage, self.someone(Role.OFFICER, key), heads)

    def _head(self, place: Place, school: int, post: str, serial: int) -> Head:
        name = self._name()
        who = self.someone(Role.PRINCIPAL, school, name)
        identity = identity_number(place.code, serial)
        phone = f"199{self.principals.last + 1:08d}"
        birth = date(int(identity[6:10]), int(identity[10:12]), 1)
        key = self.principals.add(
            *(who.user, name, school, _sealed.get_prep_value(identity), fingerprint(identity)),
            *(
                _sealed.get_prep_value(phone),
                fingerprint(phone),
                birth,
                "m" if int(identity[16]) % 2 else "f",
            ),
            *(
                "汉族" if serial % 3 else "蒙古族",
                Education.BACHELOR,
                "正高级教师" if serial % 5 == 0 else "高级教师",
            ),
            *(post, True, date(2016, 8, 1), serial % 2 == 0, "自治区骨干校长研修", _key_of(name, True)),
        )
        return Head(key, name, who, birth)
