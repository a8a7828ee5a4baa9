"""Whom and what a row of a roster means: a person by user name or name, an organisation, a role in words."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from accounts.models import Appointment, Organisation, Role, User
from office.sheets import compact, person_name, place_name

from .resources import authorities

ROLES = {
    **{label: value for value, label in Role.choices},
    "经办人": Role.OFFICER,
    "审批人": Role.LEADER,
    "领导": Role.LEADER,
    "局领导": Role.LEADER,
    "财务人员": Role.FINANCE,
    "园长": Role.PRINCIPAL,
    "专家": Role.EXPERT,
    "审计人员": Role.AUDITOR,
    "安全审计员": Role.SECURITY,
    "管理员": Role.ADMIN,
}


class Places:
    """The organisations of ``scope`` by every way they are written; counties also without 教育局."""

    def __init__(self, scope: Q, on: date) -> None:
        self.known: dict[str, Organisation] = {}
        rows = Organisation.objects.filter(scope).current(on).select_related("parent")  # type: ignore[attr-defined]
        kept = {row.pk: row for row in rows}
        self.known |= {name: kept[row.pk] for name, row in authorities().items() if row.pk in kept}
        for row in kept.values():
            for name in row.names():
                self.known.setdefault(name, row)

    def find(self, value: str) -> Organisation:
        """The organisation so written. Raises ValueError with the reason."""
        found = self.known.get(place_name(value))
        if found is None:
            raise ValueError(f"“{value}”不在机构名录中，或者不由您管理")
        return found


class People:
    """The accounts of ``scope``, by user name and by name, with where each acts on the day ``on``."""

    def __init__(self, scope: Q, on: date) -> None:
        self.by_username: dict[str, User] = {}
        self.by_name: dict[str, list[User]] = defaultdict(list)
        self.places: dict[int, set[int]] = defaultdict(set)
        for user in User.objects.filter(scope).order_by("pk"):
            self.add(user)
        held = Appointment.objects.valid(on).values_list("user_id", "organisation_id")
        for user_id, organisation_id in held:
            self.places[user_id].add(organisation_id)

    def add(self, user: User) -> None:
        self.by_username[user.username.lower()] = user
        self.by_name[user.name].append(user)

    def find(self, name: str, username: str, place: Organisation | None) -> User | None:
        """The one person meant; None when there is none of that name. Raises ValueError with the reason otherwise."""
        if username:
            return self._by_username(name, username)
        same = self.by_name.get(name, [])
        if len(same) > 1 and place is not None:
            same = [user for user in same if place.pk in self.places[user.pk]]
            if not same:
                raise ValueError(f"有多位“{name}”，请填写用户名")
        if len(same) > 1:
            raise ValueError(f"有 {len(same)} 位“{name}”，请填写用户名")
        return same[0] if same else None

    def _by_username(self, name: str, username: str) -> User | None:
        user = self.by_username.get(username.lower())
        if user is not None and user.name != name:
            raise ValueError(f"用户名 {username} 是“{user.name}”的，不是“{name}”的")
        return user


def named(row: dict[str, str]) -> tuple[str, str]:
    """Name and user name as a row gives them."""
    return person_name(row.get("姓名")), compact(row.get("用户名"))
