"""Organisations, people, appointments and principals' records, all made up, for every test."""

from datetime import date
from functools import cache
from itertools import count
from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from accounts.capacity import Capacity
from accounts.models import (
    Appointment,
    Area,
    Education,
    Kind,
    Organisation,
    Principal,
    Role,
    SchoolType,
    User,
)

PASSWORD = "Pass-2026-word"
COUNTY_CODES = {
    "红山区": "150402",
    "元宝山区": "150403",
    "松山区": "150404",
    "阿鲁科尔沁旗": "150421",
    "巴林左旗": "150422",
    "巴林右旗": "150423",
    "林西县": "150424",
    "克什克腾旗": "150425",
    "翁牛特旗": "150426",
    "喀喇沁旗": "150428",
    "宁城县": "150429",
    "敖汉旗": "150430",
}
_serial = count(1)


def identity_number(birth: date, region: str = "150402", serial: int = 1) -> str:
    """An identity number with a right check digit (GB 11643-1999); an odd ``serial`` (1-999) is a man's."""
    body = f"{region}{birth:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = Kind.SUPPORT
    name = factory.Sequence(lambda n: f"第{n}号机构")

    @classmethod
    def _create(cls, model_class: type[Organisation], *args: Any, **kwargs: Any) -> Organisation:
        organisation = model_class(*args, **kwargs)
        organisation.set_keys()
        organisation.save()
        return organisation


@cache
def known_password() -> str:
    """The hash of ``PASSWORD``, made once: whoever is made up without a password of their own has this one."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"张三{n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", None)
        user = model_class(*args, **kwargs)
        user.password = make_password(password) if password else known_password()
        user.set_keys()
        user.save()
        return user


class AppointmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICER
    organisation = factory.SubFactory(OrganisationFactory)
    starts = date(2020, 1, 1)


class PrincipalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Principal

    class Params:
        serial = factory.LazyFunction(lambda: next(_serial))
        birth = factory.LazyAttribute(
            lambda o: date(1960 + o.serial // 999 % 30, 1 + o.serial % 12, 1 + o.serial % 28)
        )

    name = factory.Sequence(lambda n: f"李四{n}")
    identity = factory.LazyAttribute(lambda o: identity_number(o.birth, serial=o.serial % 999 + 1))
    phone = factory.LazyAttribute(lambda o: f"199{o.serial:08d}")
    birth_month = factory.LazyAttribute(lambda o: o.birth.replace(day=1))
    sex = factory.LazyAttribute(lambda o: "m" if int(o.identity[16]) % 2 else "f")
    ethnicity = "汉族"
    political_status = "中共党员"
    education = Education.BACHELOR
    title = "高级教师"
    post = factory.LazyAttribute(lambda o: o.school.head_title if o.head else "副校长")
    head = True
    head_since = factory.LazyAttribute(lambda o: date(2018, 9, 1) if o.head else None)
    famous = True

    @classmethod
    def _create(cls, model_class: type[Principal], *args: Any, **kwargs: Any) -> Principal:
        principal = model_class(*args, **kwargs)
        principal.set_keys()
        principal.save()
        return principal


def make_bureau() -> Organisation:
    """赤峰市教育局, the one there is, or a new one."""
    return Organisation.objects.filter(kind=Kind.BUREAU).first() or OrganisationFactory(
        kind=Kind.BUREAU, name="赤峰市教育局", short_name="市教育局", code="150400"
    )


def make_county(name: str = "红山区") -> Organisation:
    """The county's education bureau by its short name, the one there is, or a new one under the bureau."""
    full = f"{name}教育局"
    return Organisation.objects.filter(kind=Kind.COUNTY, name=full).first() or OrganisationFactory(
        kind=Kind.COUNTY, name=full, short_name=name, parent=make_bureau(), code=COUNTY_CODES.get(name)
    )


def make_school(
    authority: Organisation | None = None,
    name: str | None = None,
    school_type: str = SchoolType.PRIMARY,
    area: str = Area.URBAN,
    **more: Any,
) -> Organisation:
    """A school under ``authority`` (a county, or the bureau for 市直; default 红山区)."""
    authority = authority or make_county()
    name = name or f"{authority.label}第{next(_serial)}学校"
    return OrganisationFactory(
        kind=Kind.SCHOOL, name=name, parent=authority, school_type=school_type, area=area, **more
    )


def capacity(
    who: User | str, organisation: Organisation, role: str = Role.OFFICER, name: str = ""
) -> Capacity:
    """The capacity of a person (given, or made up for the role ``who``), its appointment created."""
    if isinstance(who, User):
        user = who
    else:
        user, role = UserFactory(**({"name": name} if name else {})), who
    return Capacity(user, AppointmentFactory(user=user, role=role, organisation=organisation))


def make_capacity(role: str, organisation: Organisation, name: str = "") -> Capacity:
    """A new person who acts in ``role`` of ``organisation``."""
    return capacity(role, organisation, name=name)


def make_principal(
    school: Organisation | None = None,
    name: str | None = None,
    user: User | None = None,
    famous: bool = True,
    head: bool = True,
    **more: Any,
) -> Principal:
    """A principal's record at ``school`` (default: a new one of 红山区), with the account ``user``."""
    if name or user:
        more["name"] = name or user.name  # type: ignore[union-attr]
    return PrincipalFactory(school=school or make_school(), user=user, famous=famous, head=head, **more)
