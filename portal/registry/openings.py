"""Accounts for many people at once: whom they are for, what keeps one from being opened, how they are called.

A second run opens only what is missing. First passwords are never in a row or in the log; whoever opened the
accounts finds them once, see ``slips``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.chinese import sort_key
from accounts.models import Appointment, Kind, Organisation, Principal, Role, User
from accounts.passwords import first_password
from office import history
from office.jobs import Progress
from office.sheets import person_name, place_name

from .scopes import editable_organisations, editable_principals

PRINCIPALS, OFFICERS = "principals", "officers"
LONGEST_STEM = 20

Named = tuple[str, str]  # a school and a name, as somebody wrote them


@dataclass(frozen=True)
class Wanted:
    """One account to be opened; ``target`` is the principal's record, or the school whose officer it is.

    ``problem`` says why it isn't opened, empty where it will be.
    """

    name: str
    school: str
    target: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Opened:
    """What the person is handed: the first password is nowhere else."""

    name: str
    school: str
    role: str
    username: str
    password: str


class Usernames:
    """User names by one rule: the pinyin of the name and the first free number of two digits (zhangwei01)."""

    def __init__(self) -> None:
        self.taken = {name.lower() for name in User.objects.values_list("username", flat=True).iterator()}

    def free(self, name: str) -> str:
        """A user name that nobody has, and that is not given twice."""
        stem = re.sub("[^a-z]", "", sort_key(name, person=True))[:LONGEST_STEM] or "user"
        username = next(
            f"{stem}{number:02d}" for number in count(1) if f"{stem}{number:02d}" not in self.taken
        )
        self.taken.add(username)
        return username


def open_account(
    me: Capacity,
    at: datetime,
    *,
    username: str,
    name: str,
    role: str,
    organisation: Organisation,
    starts: date,
    hashed: str,
    email: str = "",
) -> User:
    """A new account with its first appointment and the entry of who opened it; ``hashed`` is its first password's."""
    user = User(username=username, name=name, email=email, must_change_password=True, password=hashed)
    user.set_keys()
    user.save()
    appointment = Appointment.objects.create(user=user, role=role, organisation=organisation, starts=starts)
    facts = {"姓名": ["", name], "用户名": ["", username], "任职": ["", str(appointment)]}
    history.record(user, "create", "建立账号", me, at, facts)
    return user


# --- whom ---------------------------------------------------------------------------------------------


def without_account(me: Capacity) -> QuerySet[Principal]:
    """The principals' records this capacity keeps that have no account, deputies included."""
    rows = Principal.objects.filter(editable_principals(me), user=None)
    return rows.select_related("school").order_by("school__sort_key", "sort_key", "pk")


def without_officer(me: Capacity, on: date) -> QuerySet[Organisation]:
    """The schools this capacity keeps that have no officer on the day ``on``."""
    served = Appointment.objects.valid(on).filter(role=Role.OFFICER).values("organisation")
    return kept_schools(me, on).exclude(pk__in=served)


def kept_schools(me: Capacity, on: date) -> QuerySet[Organisation]:
    """The schools this capacity keeps, those given up apart."""
    return Organisation.objects.filter(editable_organisations(me), kind=Kind.SCHOOL).current(on)  # type: ignore[attr-defined]


def _namesakes(schools: Iterable[int], on: date) -> set[tuple[int, str]]:
    """Who already acts for these schools under which name: one person has one account."""
    held = Appointment.objects.valid(on).filter(organisation__in=set(schools))
    return set(held.values_list("organisation_id", "user__name"))


def wanted_principals(rows: QuerySet[Principal], on: date) -> list[Wanted]:
    """For each record an account to be opened, or why not."""
    records = list(rows)
    known = _namesakes((row.school_id for row in records), on)

    def problem(row: Principal) -> str:
        if not row.head:
            return "现任副职，不批量建立校长账号"
        if (row.school_id, row.name) in known:
            return "该校已有同名的账号，请核对后在档案中单独建立"
        return ""

    return [Wanted(row.name, row.school.name, row.pk, problem(row)) for row in records]


def contacts(me: Capacity, on: date) -> list[Named]:
    """The contact each school without an officer has named."""
    rows = without_officer(me, on).exclude(contact="").order_by("sort_key", "pk")
    return list(rows.values_list("name", "contact"))


def wanted_officers(me: Capacity, named: Iterable[Named], on: date) -> list[Wanted]:
    """For each school and name an officer's account to be opened, or why not; one for each school."""
    given = [(place_name(school), person_name(name)) for school, name in named]
    names = {school for school, _ in given}
    rows = kept_schools(me, on).filter(Q(name__in=names) | Q(short_name__in=names))
    schools = {written: row for row in rows for written in (row.short_name, row.name)}
    missing = set(
        without_officer(me, on).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    known = _namesakes((row.pk for row in rows), on)
    seen: set[int] = set()

    def problem(row: Organisation | None, name: str) -> str:
        if row is None:
            return "没有这所学校，或者不由您管理"
        if not name:
            return "没有姓名"
        if row.pk not in missing:
            return "该校已有经办人"
        if row.pk in seen:
            return "该校在本批中重复"
        if (row.pk, name) in known:
            return "此人在该校已有账号，请为其新增任职"
        seen.add(row.pk)
        return ""

    wanted = []
    for written, name in given:
        row = schools.get(written)
        trouble = problem(row, name)
        wanted.append(Wanted(name, row.name if row else written, row.pk if row else None, trouble))
    return wanted


# --- opening ------------------------------------------------------------------------------------------


def open_all(
    kind: str,
    wanted: list[Wanted],
    me: Capacity,
    at: datetime,
    progress: Progress,
    hand_over: Callable[[list[Opened]], None],
) -> int:
    """Open what is still missing of ``wanted``, all of it or nothing; returns how many were opened.

    Hashing takes long and happens first, outside the transaction. ``hand_over`` gets what the people are to be
    told before the commit: a run that dies leaves either nothing, or accounts whose passwords are handed over.
    """
    ready = [one for one in wanted if not one.problem]
    passwords = []
    for done, one in enumerate(ready, 1):
        password = first_password()
        passwords.append((one, password, make_password(password)))
        progress(done, len(ready))
    with transaction.atomic():
        rows = _still_missing(kind, [one.target for one in ready if one.target], me, at)
        names = Usernames()
        opened = [
            _open(rows[one.target], one.name, names, password, hashed, me, at)
            for one, password, hashed in passwords
            if one.target in rows
        ]
        if opened:
            hand_over(opened)
    return len(opened)


def _still_missing(kind: str, targets: list[int], me: Capacity, at: datetime) -> dict[int | None, Model]:
    """The targets, locked, that this capacity keeps and that nobody opened an account for meanwhile."""
    if kind == PRINCIPALS:
        records = Principal.objects.filter(editable_principals(me), pk__in=targets, user=None, head=True)
        return {row.pk: row for row in records.select_for_update(of=("self",)).select_related("school")}
    today = timezone.localdate(at)
    schools = kept_schools(me, today).filter(pk__in=targets).select_for_update(of=("self",), no_key=True)
    locked = {row.pk: row for row in schools}
    missing = set(without_officer(me, today).filter(pk__in=locked).values_list("pk", flat=True))
    return {pk: row for pk, row in locked.items() if pk in missing}


def _open(
    target: Model, name: str, names: Usernames, password: str, hashed: str, me: Capacity, at: datetime
) -> Opened:
    role, school = Role.OFFICER, target
    if isinstance(target, Principal):
        role, school, name = Role.PRINCIPAL, target.school, target.name
    assert isinstance(school, Organisation)
    username = names.free(name)
    user = open_account(
        me,
        at,
        username=username,
        name=name,
        role=role,
        organisation=school,
        starts=timezone.localdate(at),
        hashed=hashed,
    )
    if isinstance(target, Principal):
        link_account(target, user, me, at)
    return Opened(name, school.name, role.label, username, password)


def link_account(record: Principal, user: User, me: Capacity, at: datetime) -> None:
    """Give a principal's record its account."""
    record.user = user
    record.save(update_fields=["user"])
    history.record(record, "account", "建立账号", me, at, {"用户名": ["", user.username]})
