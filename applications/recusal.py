"""回避: who may not judge which application."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from applications.models import (
    Application,
    ApplicationState,
    Call,
    Expert,
    MemberState,
    ProposedMember,
    Tie,
    Waiver,
)


@dataclass(frozen=True)
class Conflict:
    """Why an expert may not judge an application. ``waivable``: the bureau may let it pass, with a reason."""

    sentence: str
    waivable: bool = False


@dataclass(frozen=True)
class _Known:
    """What the database knows of a set of experts and applications."""

    involved: set[tuple[int, int]]
    ties: dict[tuple[int, int], str]
    member_ties: dict[tuple[int, int], str]
    waived: set[tuple[int, int]]
    own: set[tuple[int, int | None]]


def conflicts(
    experts: Iterable[Expert], applications: Iterable[Application]
) -> dict[tuple[int, int], list[Conflict]]:
    """All conflicts between these experts and applications, keyed by (expert, application); five queries.

    The experts come with their accounts and units. Hard: applicant or proposed member in the call, own school, a
    recorded relation to lead or member, advisor or assistant of the studio. Waivable: the same county, except in
    the county's own programme, where everybody is of it (Art. 19; one query more).
    """
    experts, applications = list(experts), list(applications)
    keys = [application.pk for application in applications]
    known = _Known(
        involved=involved(
            {application.call_id for application in applications}, [each.user_id for each in experts]
        ),
        ties={
            (tie.expert_id, tie.principal_id): tie.relation
            for tie in Tie.objects.filter(expert__in=experts, principal__applications__in=keys)
        },
        member_ties=_member_ties(experts, keys),
        waived=set(Waiver.objects.filter(application__in=keys).values_list("expert", "application")),
        own=_run_at_home(experts, applications),
    )
    found = {}
    for expert in experts:
        for application in applications:
            reasons = list(_between(expert, application, known))
            if (expert.pk, application.pk) in known.waived:
                reasons = [reason for reason in reasons if not reason.waivable]
            if reasons:
                found[expert.pk, application.pk] = reasons
    return found


def involved(calls: set[int], users: Iterable[int]) -> set[tuple[int, int]]:
    """(call, account) of those who apply or are proposed in a call themselves."""
    applying = Application.objects.filter(call__in=calls, lead__user__in=users).exclude(
        state__in=ApplicationState.ended
    )
    proposed = ProposedMember.objects.filter(
        application__call__in=calls, principal__user__in=users, state__in=MemberState.live
    )
    return {
        *applying.values_list("call", "lead__user"),
        *proposed.values_list("application__call", "principal__user"),
    }


def _member_ties(experts: list[Expert], keys: list[int]) -> dict[tuple[int, int], str]:
    """(expert, application) → relation to one of its proposed members."""
    rows = Tie.objects.filter(
        expert__in=experts,
        principal__proposals__application__in=keys,
        principal__proposals__state__in=MemberState.live,
    ).values_list("expert", "principal__proposals__application", "principal__name", "relation")
    return {(expert, application): f"{name}（{relation}）" for expert, application, name, relation in rows}


def _between(expert: Expert, application: Application, known: _Known) -> Iterable[Conflict]:
    if (application.call_id, expert.user_id) in known.involved:
        yield Conflict("在本批次申报或被列为拟任成员")
    if expert.unit_id == application.school_id:
        yield Conflict("与申报人同一学校")
    if relation := known.ties.get((expert.pk, application.lead_id)):
        yield Conflict(f"与申报人有回避关系：{relation}")
    if relation := known.member_ties.get((expert.pk, application.pk)):
        yield Conflict(f"与拟任成员有回避关系：{relation}")
    yield from _as_staff(expert, application)
    if _of_one_county(expert, application) and (application.call_id, expert.county_id) not in known.own:
        yield Conflict("与申报人同一旗县区", waivable=True)


def _of_one_county(expert: Expert, application: Application) -> bool:
    return expert.county_id is not None and expert.county_id == application.authority_id


def _run_at_home(experts: list[Expert], applications: list[Application]) -> set[tuple[int, int | None]]:
    """(call, county) of the calls that experts' own counties run."""
    calls = {each.call_id for each in applications for expert in experts if _of_one_county(expert, each)}
    owners = Call.objects.filter(pk__in=calls).values_list("pk", "programme__owner")
    return set(owners) if calls else set()


def _as_staff(expert: Expert, application: Application) -> Iterable[Conflict]:
    """Named as advisor or assistant. The form knows names and units only: a namesake elsewhere is looked into."""
    for person in application.content.get("staff", {}).get("people", []):
        if person.get("name", "").strip() == str(expert.user):
            same = not expert.unit or person.get("unit", "").strip() in expert.unit.names()
            role = person.get("role") or "顾问、助理"
            yield Conflict(
                f"被列为该工作室{role}" if same else f"与该工作室{role}同名，请核实", waivable=not same
            )
