"""催办: whoever waits for a case reminds those it waits for, once a day.

For whom a case waits is found, not stored: the flow names the organisations and people that have a hand in the case,
and its own table, asked for each of them, says whose desk it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.capacity import Capacity, as_deputy, with_facts
from accounts.models import Appointment, Organisation, Role
from office.deputising import deputies_of
from office.flow import NOTHING, Flow, as_boolean
from office.history import write
from office.models import Entry, NoticeKind
from office.notices import tell
from office.views.way import waited

STEP = "remind"
WORKING = (Role.OFFICER, Role.LEADER, Role.FINANCE, Role.MANAGER)
# They judge, watch or keep the system: no case is theirs to hurry.
NEVER = (Role.EXPERT, Role.ASSESSOR, Role.AUDITOR, Role.SECURITY, Role.ADMIN)


class AlreadyReminded(Exception):
    """This person has reminded of this case today."""


def may_ask(flow: Flow, case: Any, me: Capacity) -> bool:
    """Whether the page asks at all (no query): ``case`` comes from ``Flow.with_steps``, and nothing waits for ``me``."""
    if flow.hands is None or me.user is None or me.holds(*NEVER):
        return False
    steps = [step for step in flow.steps if case.state in step.source]
    return bool(steps) and not any(step.waits and getattr(case, f"may_{step.name}") for step in steps)


def holders(flow: Flow, case: Any, me: Capacity, at: datetime) -> list[Capacity]:
    """Whose desk ``case`` stands on, deputies after those they stand in for, ``me`` left out; three queries."""
    asked = [one for one in _candidates(flow, case, at) if one.user_id != me.user_id]
    waits = {f"holder_{place}": flow.waits_for(one, at) for place, one in enumerate(asked)}
    found = {name: as_boolean(rows) for name, rows in waits.items() if rows != NOTHING}
    if not found:
        return []
    row = flow.model._default_manager.filter(pk=case.pk).annotate(**found).values(*found).get()
    return [one for place, one in enumerate(asked) if row.get(f"holder_{place}")]


def _candidates(flow: Flow, case: Any, at: datetime) -> list[Capacity]:
    """Everybody the case might wait for: of the organisations that have a hand in it, of those above, and people."""
    if flow.hands is None:
        return []
    today = timezone.localdate(at)
    places = {pk for pk in flow.hands(case) if pk}
    near = Organisation.objects.filter(
        Q(pk__in=places) | Q(children__in=places) | Q(children__children__in=places)
    )
    working = Q(organisation__in=near.values("pk"), role__in=WORKING)
    named = Q(user__in=[pk for pk in flow.people(case) if pk])
    rows = Appointment.objects.valid(today).filter(working | named, user__is_active=True)
    held = list(with_facts(rows, today).select_related("user", "organisation__parent").order_by("pk"))
    own = [Capacity(row.user, row) for row in held]
    by_key = {row.pk: row for row in held}
    lent = deputies_of([row.user_id for row in held], today)
    return own + [
        as_deputy(one.user, by_key[one.appointment.pk])
        for one in lent
        if one.user and one.appointment and one.appointment.pk in by_key
    ]


def has_stake(flow: Flow, case: Any, me: Capacity) -> bool:
    """Whether ``me`` sees the case and waits for it: by the own matter, the organisation's hand in it, or an entry."""
    if flow.hands is None or me.user is None or me.holds(*NEVER):
        return False
    if not flow.sees(me, case.pk):
        return False
    if me.holds(*WORKING) and me.organisation_id in set(flow.hands(case)):
        return True
    mine = Q(user=me.user_id)
    if me.holds(*WORKING):
        mine |= Q(appointment__organisation=me.organisation_id)
    if Entry.objects.of(case).filter(mine).exists():
        return True
    own = flow.own_matter(me)
    return own != NOTHING and flow.model._default_manager.filter(own, pk=case.pk).exists()


def reminded_today(case: Any, me: Capacity, at: datetime) -> bool:
    """Whether the person has reminded of this case today."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    return Entry.objects.of(case).filter(step=STEP, user=me.user_id, at__gte=midnight).exists()


@transaction.atomic
def remind(flow: Flow, pk: int, me: Capacity, at: datetime) -> list[Capacity]:
    """Remind whoever holds the case, in an entry of its chain and a notice each; returns them.

    Raises the model's DoesNotExist (not visible), PermissionDenied (no stake, it waits for ``me``, or for nobody),
    AlreadyReminded.
    """
    case: Any = flow.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if not flow.sees(me, pk):
        raise flow.model.DoesNotExist  # type: ignore[attr-defined]
    waits = flow.waits_for(me, at)
    mine = waits != NOTHING and flow.model._default_manager.filter(waits, pk=pk).exists()
    if mine or not has_stake(flow, case, me):
        raise PermissionDenied("本件不由您催办。")
    if reminded_today(case, me, at):
        raise AlreadyReminded
    found = holders(flow, case, me, at)
    if not found:
        raise PermissionDenied("本件现在不在任何人的待办中。")
    names = "、".join(in_words(found, named=True))
    entry = write(case, step=STEP, label="催办", me=me, at=at, facts={"催办对象": names})
    text = f"{replace(me, away=None).name}催办：{case}，{waited(case, at)}"
    # Deputies are told beside those they stand in for.
    people = {one.user_id or 0 for one in found if not one.away}
    tell(people, text, at, kind=NoticeKind.URGED, url=case.get_absolute_url(), entry=entry)
    return found


def in_words(found: Iterable[Capacity], *, named: bool) -> list[str]:
    """Whom a reminder reaches: 红山区教育局周立新（经办）; without names the organisation and its role, once."""
    if named:
        words = [f"{one.organisation}{one.name}（{one.role_label}）" for one in found]
    else:
        words = [f"{one.organisation}（{one.role_label}）" for one in found]
    return list(dict.fromkeys(words))
