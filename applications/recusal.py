"""回避: who may not judge which application."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from applications.models import (
    Application,
    ApplicationState,
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


def conflicts(
    experts: Iterable[Expert], applications: Iterable[Application]
) -> dict[tuple[int, int], list[Conflict]]:
    """All conflicts between these experts and applications, keyed by (expert, application); four queries.

    Hard: applicant or proposed member in the call, own school, a recorded relation. Same county: waivable.
    """
    experts, applications = list(experts), list(applications)
    keys = [application.pk for application in applications]
    calls = {application.call_id for application in applications}
    users = [expert.user_id for expert in experts]
    involved = _involved(calls, users)
    ties = {
        (tie.expert_id, tie.principal_id): tie.relation
        for tie in Tie.objects.filter(expert__in=experts, principal__applications__in=keys)
    }
    waived = set(Waiver.objects.filter(application__in=keys).values_list("expert", "application"))
    found = {}
    for expert in experts:
        for application in applications:
            reasons = list(_between(expert, application, involved, ties))
            if (expert.pk, application.pk) in waived:
                reasons = [reason for reason in reasons if not reason.waivable]
            if reasons:
                found[expert.pk, application.pk] = reasons
    return found


def _involved(calls: set[int], users: list[int]) -> set[tuple[int, int]]:
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


def _between(
    expert: Expert, application: Application, involved: set[tuple[int, int]], ties: dict[tuple[int, int], str]
) -> Iterable[Conflict]:
    if (application.call_id, expert.user_id) in involved:
        yield Conflict("在本批次申报或被列为拟任成员")
    if expert.unit_id == application.school_id:
        yield Conflict("与申报人同一学校")
    if relation := ties.get((expert.pk, application.lead_id)):
        yield Conflict(f"与申报人有回避关系：{relation}")
    if expert.county_id and expert.county_id == application.authority_id:
        yield Conflict("与申报人同一旗县区", waivable=True)
