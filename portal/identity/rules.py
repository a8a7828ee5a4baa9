"""Who may, what is still missing, what a correction does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.identity import birth_date, sex
from accounts.models import Appointment, Kind, Principal, Role
from office import history
from office.door import Act
from office.flow import EVERYTHING, NOTHING, Missing
from office.stead import in_stead
from office.words import month
from portal.models import IdentityCorrection

AUTHORITY = "principal__school__parent"


# --- who ----------------------------------------------------------------------------------------------


def oneself(me: Capacity) -> Q:
    """The person whose number it is."""
    return Q(principal__user=me.user_id) if me.may_be_principal else NOTHING


def authority_officer(me: Capacity) -> Q:
    """The officer of the county the school belongs to; of the bureau for schools under it (市直)."""
    return (
        Q(**{AUTHORITY: me.organisation_id})
        if any(map(me.officer_of, (Kind.COUNTY, Kind.BUREAU)))
        else NOTHING
    )


def in_the_authoritys_stead(me: Capacity) -> Q:
    """The bureau's officer, where a county has nobody left who may."""
    return in_stead(me, Role.OFFICER, AUTHORITY, "principal")


def visible(me: Capacity) -> Q:
    """Oneself, the authority, and the bureau's officer, who keeps all records."""
    if me.officer_of(Kind.BUREAU):
        return EVERYTHING
    own, kept = oneself(me), authority_officer(me)
    return own if kept == NOTHING else own | kept


def authority(case: IdentityCorrection) -> list[int | None]:
    """The organisation in whose hands it lies."""
    return [case.principal.school.parent_id]


# --- what is missing ----------------------------------------------------------------------------------


def number_is_free(case: IdentityCorrection, at: datetime) -> Iterable[Missing]:
    """No other record has the number."""
    same = Principal.objects.by_identity(case.identity).exclude(pk=case.principal_id).select_related("school")
    for other in same:
        yield Missing(f"{other.school}“{other}”的档案已登记这个身份证号，请先核对是否同一人有两份档案")


def record_is_as_it_was(case: IdentityCorrection, at: datetime) -> Iterable[Missing]:
    """Nobody changed the record since it was asked."""
    if case.former != case.principal.identity:
        yield Missing("提出申请之后，档案中的身份证号已有变动，请与本人核实后退回重新申请")


def owners(pk: int) -> list[QuerySet[Any]]:
    """The record that is changed."""
    return [Principal.objects.filter(identity_corrections=pk)]


def what_it_does(case: IdentityCorrection) -> str:
    return f"将把{case.principal}的身份证号由 {case.masked_former} 改为 {case.masked_identity}，出生年月、性别随之更新。"


# --- what happens -------------------------------------------------------------------------------------


def correct(case: IdentityCorrection, act: Act) -> None:
    """Write the number into the record, with what follows from it; the history keeps both masked."""
    record = case.principal
    before = (record.birth_month, record.get_sex_display())
    record.identity = case.identity
    record.birth_month, record.sex = birth_date(case.identity).replace(day=1), sex(case.identity)
    record.set_keys()
    record.save(update_fields=["identity", "identity_mac", "birth_month", "sex"])
    facts = {"身份证号": [case.masked_former, case.masked_identity]}
    if before[0] != record.birth_month:
        facts["出生年月"] = [month(before[0]), month(record.birth_month)]
    if before[1] != record.get_sex_display():
        facts["性别"] = [before[1], record.get_sex_display()]
    history.record(record, "identity", "更正身份证号", act.me, act.at, facts)


def forget(case: IdentityCorrection, act: Act) -> None:
    """A closed case keeps no number in full."""
    case.identity = case.former = ""
    case.save(update_fields=["identity", "former"])


def officers(case: IdentityCorrection, at: datetime) -> Iterable[int]:
    """The accounts of the officers who compare the numbers."""
    held = Appointment.objects.holders(
        Role.OFFICER, case.principal.school.parent_id or 0, timezone.localdate(at)
    )
    return held.exclude(user=case.principal.user_id).values_list("user_id", flat=True)


def the_person(case: IdentityCorrection) -> Iterable[int]:
    return [case.principal.user_id] if case.principal.user_id else []
