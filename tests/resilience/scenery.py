"""Run inside the program (python -m tests.resilience.scenery NAME ARG…): sets a scene, or looks for faults; says it in JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from accounts import consent
from accounts.models import Appointment, DataNotice, Kind, Organisation, Principal, Role, User
from applications import consents, results
from applications.flows import CALL
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    ProposedMember,
    Review,
    ReviewState,
)
from config.celery import app
from office.attachments import receive
from portal.demo.cast import SINCE, Cast
from portal.demo.stage import Stage, paper, pool
from programmes.models import Programme
from studios.models import Membership
from tests.resilience.books import faults


def cast() -> Cast:
    return Cast(Organisation.objects.get(kind=Kind.BUREAU), Programme.objects.get())


def notice() -> DataNotice:
    """The notice of data processing in force."""
    found = consent.current()
    assert found
    return found


def free(call: Call) -> list[Principal]:
    """Who has an account, leads and holds nothing, and was not asked in this call, last first."""
    asked = ProposedMember.objects.filter(application__call=call).values("principal")
    held = Membership.objects.values("principal")
    leads = Application.objects.values("lead")
    found = Principal.objects.filter(user__isnull=False, head=True).exclude(pk__in=asked)
    return list(found.exclude(pk__in=held).exclude(pk__in=leads).select_related("school").order_by("-pk"))


def stage(call: Call, people: list[Principal] | None = None) -> Stage:
    """The call with everybody in it; its future members are ``people``, or all who are free."""
    return Stage(cast(), call, pool(free(call) if people is None else people), Random(7))


def fifty(count: str) -> dict[str, Any]:
    """So many officers of the bureau who can log in, and an application that waits for one of them."""
    password = User.objects.get(username="bureau").password
    bureau = Organisation.objects.get(kind=Kind.BUREAU)
    names = []
    for number in range(int(count)):
        user = User(username=f"fifty{number:02d}", name=f"经办{number:02d}", password=password)
        user.demonstration = True
        user.set_keys()
        user.save()
        Appointment.objects.create(user=user, role=Role.OFFICER, organisation=bureau, starts=SINCE)
        consent.agree(user, notice(), timezone.now())
        names.append(user.username)
    waiting = Application.objects.filter(state=ApplicationState.RECOMMENDED).order_by("pk")[0]
    return {"users": names, "number": waiting.number, "pk": waiting.pk}


def to_decide() -> dict[str, Any]:
    """The call under review with every sheet in, the proposed results taken over, the minutes attached."""
    call = Call.objects.get(state=CallState.REVIEWING)
    at = timezone.now()
    ready = stage(call)
    for review in Review.objects.filter(application__call=call, state=ReviewState.ASSIGNED):
        review.scores.all().delete()
        ready.score(review, at, 0.85)
    results.take_over(call, ready.owner, at)
    receive(CALL, call.pk, paper("会议纪要"), slot="minutes", me=ready.owner, at=at)
    return {"call": call.number}


def drafts(count: str) -> dict[str, Any]:
    """So many complete drafts of the open call, none sent, and their applicants, who can log in."""
    call = Call.objects.get(state=CallState.OPEN)
    stages = set(call.places.filter(number__gt=0).values_list("stage", flat=True))
    people = free(call)
    leads = [one for one in people if one.famous and one.school.school_type in stages][: int(count)]
    ready = stage(call, [one for one in people if one not in leads])
    at = call.opens_at + (timezone.now() - call.opens_at) / 2
    password = User.objects.get(username="bureau").password
    made = []
    for lead in leads:
        draft = ready.draft(lead, at)
        User.objects.filter(pk=lead.user_id).update(password=password)
        consent.agree(User.objects.get(pk=lead.user_id), notice(), at)
        made.append(
            {"number": draft.number, "pk": draft.pk, "user": User.objects.get(pk=lead.user_id).username}
        )
    ticked = {kind.value: "on" for kind in consents.TO_APPLY} | {"version": notice().version}
    return {"drafts": made, "ends": call.submit_by.timestamp(), "ticked": ticked}


def tick(count: str) -> None:
    """Hand the workers each task of the clock so many times, as a clock that stammers would."""
    for _ in range(int(count)):
        for task in app.conf.beat_schedule:
            app.send_task(task)


SCENES: dict[str, Callable[..., Any]] = {
    scene.__name__: scene for scene in (fifty, to_decide, drafts, tick, faults)
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:]), default=str))
