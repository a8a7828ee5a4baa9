"""What a decided change does to its studio: through the studio's own steps, so that its history shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import Organisation
from office.door import Act, follow, follow_each
from studios.models import ChangeKind, ChangeState, MembershipState, Plaque, Studio, StudioChange

Facts = dict[str, Any]


def host(studio: Studio, school: Organisation) -> Facts:
    """Put the studio at ``school`` and under its authority; returns what history keeps of it."""
    facts = {"依托学校": [str(studio.school), str(school)]}
    studio.school = school
    if school.parent:
        studio.authority = school.parent
    return facts


def _relocate(change: StudioChange, studio: Studio) -> Facts:
    return host(studio, change.school) if change.school else {}


def _replace(change: StudioChange, studio: Studio) -> Facts:
    facts = {"领衔人": [str(studio.lead), str(change.lead)]}
    if change.name:
        facts["名称"] = [studio.name, change.name]
        studio.name = change.name
    if change.lead:
        studio.lead = change.lead
    studio.acting_lead = studio.acting_until = None
    return facts


def _act(change: StudioChange, studio: Studio) -> Facts:
    studio.acting_lead, studio.acting_until = change.lead, change.until
    return {"代理领衔人": ["", str(change.lead)], "代理至": ["", str(change.until)]}


def _extend(change: StudioChange, studio: Studio) -> Facts:
    facts = {"组建期限": [str(studio.prepare_by or ""), str(change.until)]}
    studio.prepare_by = change.until
    return facts


def _close(change: StudioChange, studio: Studio) -> Facts:
    studio.acting_lead = studio.acting_until = None
    return {}


EFFECTS: dict[str, tuple[str, Callable[[StudioChange, Studio], Facts]]] = {
    ChangeKind.RELOCATE: ("relocate", _relocate),
    ChangeKind.LEAD: ("replace_lead", _replace),
    ChangeKind.ACTING: ("act", _act),
    ChangeKind.EXTEND: ("extend", _extend),
    ChangeKind.CLOSE: ("close", _close),
}


def carry_out(change: StudioChange, act: Act) -> None:
    """Take the step of the studio that the change is about; the door holds the studio's row."""
    step, alter = EFFECTS[change.kind]
    studio = Studio.objects.select_related("programme", "lead", "school").get(pk=change.studio_id)
    facts = alter(change, studio)
    follow(studio, step, act.me, act.at, act.opinion, cause=act.entry, facts=facts)


def seat_becomes_lead(studio: Studio, act: Act) -> None:
    """A member who leads now is a member no more (Art. 6: members are counted without the lead)."""
    for seat in studio.memberships.filter(principal=studio.lead_id, state__in=MembershipState.live):
        follow(seat, "take_lead", act.me, act.at, cause=act.entry)


def all_ends(studio: Studio, act: Act) -> None:
    """With a closed studio its memberships end, its open changes lapse, its plaque is withdrawn; no bar follows."""
    seats = studio.memberships.filter(state__in=MembershipState.live).select_related("principal")
    follow_each(list(seats), "end", act.me, act.at, cause=act.entry)
    changes = studio.changes.filter(state__in=ChangeState.open)
    follow_each(list(changes), "lapse", act.me, act.at, cause=act.entry)
    day = act.at.astimezone().date()
    Plaque.objects.filter(studio=studio, withdrawn_on__isnull=True).update(withdrawn_on=day)
