"""Schools that were merged into others: their people, studios and applications follow on the day (DOMAIN "Models")."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.capacity import CLOCK, Capacity
from accounts.models import Kind, Organisation, Principal
from applications.models import Application, ApplicationState
from office import history
from office.models import Entry
from studios.flows import school_merged


def hand_over(old: Organisation, me: Capacity, at: datetime, cause: Entry | None) -> None:
    """Let all that is at ``old`` go on at the school it was merged into; inside the caller's transaction.

    Nothing happens before its day, nor for what is no school; done once more, it finds nothing left.
    """
    new, day = old.succeeded_by, old.succeeded_on
    if new is None or day is None or day > timezone.localdate(at) or old.kind != Kind.SCHOOL:
        return
    facts = {"所在学校": [str(old), str(new)]}
    for principal in Principal.objects.filter(school=old).order_by("pk"):
        principal.school = new
        principal.save(update_fields=["school"])
        history.record(principal, "merge", "所在学校撤并", me, at, facts)
    school_merged(old, new, me, at, cause)
    open_ones = Application.objects.filter(school=old).exclude(
        state__in=(*ApplicationState.ended, ApplicationState.ANNOUNCED)
    )
    for application in open_ones.order_by("pk"):
        application.school = new
        if new.parent:
            application.authority = new.parent
        application.save(update_fields=["school", "authority"])
        history.record(application, "merge", "所在学校撤并", me, at, facts)


def keep(at: datetime) -> int:
    """Hand over what is still at schools whose day has come; returns how many there were."""
    today = timezone.localdate(at)
    merged = Organisation.objects.filter(kind=Kind.SCHOOL, succeeded_on__lte=today)
    still = merged.filter(principals__isnull=False) | merged.filter(
        hosted_studios__state__in=("preparing", "active", "rectifying")
    )
    done = 0
    for pk in still.distinct().values_list("pk", flat=True):
        with transaction.atomic():
            row = Organisation.objects.select_for_update(of=("self",)).select_related("succeeded_by__parent")
            hand_over(row.get(pk=pk), CLOCK, at, None)
        done += 1
    return done
