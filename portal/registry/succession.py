"""Schools that were merged into others: their principals, studios and applications follow on the day, appointments there end (DOMAIN "Models")."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capacity import CLOCK, Capacity
from accounts.models import Appointment, Kind, Organisation, Principal, Role
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
    _appointments(old, new, day, me, at)
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


def _appointments(old: Organisation, new: Organisation, day: date, me: Capacity, at: datetime) -> None:
    """Whoever acts at ``old`` does so to the eve of ``day``; principals go on at ``new``, officers once appointed there."""
    eve = day - timedelta(days=1)
    running = Appointment.objects.filter(Q(ends=None) | Q(ends__gte=day), organisation=old, starts__lte=eve)
    for row in running.select_related("user", "organisation").order_by("pk"):
        facts: dict[str, Any] = {
            "任职": str(row),
            "结束日期": [row.ends.isoformat() if row.ends else "", f"{eve}"],
        }
        goes_on = row.role == Role.PRINCIPAL and not new.appointments.filter(
            Q(ends=None) | Q(ends__gte=day), user=row.user, role=row.role
        )
        if goes_on:
            further = Appointment(user=row.user, role=row.role, organisation=new, starts=day, ends=row.ends)
            further.save()
            facts["转任"] = ["", str(further)]
        row.ends = eve
        row.save(update_fields=["ends"])
        history.record(row.user, "end", "所在学校撤并", me, at, facts)


def left_behind(old: Organisation) -> QuerySet[Appointment]:
    """The officers of a merged school who hold nothing yet at the one it was merged into; one query."""
    held = Appointment.objects.filter(user=OuterRef("user"), organisation=old.succeeded_by_id)
    ended = Appointment.objects.filter(organisation=old, ends__lt=old.succeeded_on).exclude(
        role=Role.PRINCIPAL
    )
    last = ended.filter(ends__gte=old.succeeded_on - timedelta(days=1)) if old.succeeded_on else ended.none()
    return last.exclude(Exists(held)).select_related("user").order_by("user__sort_key", "pk")


def keep(at: datetime) -> int:
    """Hand over what is still at schools whose day has come; returns how many there were."""
    today = timezone.localdate(at)
    merged = Organisation.objects.filter(kind=Kind.SCHOOL, succeeded_on__lte=today)
    running = Appointment.objects.filter(
        Q(ends=None) | Q(ends__gte=OuterRef("succeeded_on")),
        organisation=OuterRef("pk"),
        starts__lt=OuterRef("succeeded_on"),
    )
    still = (
        merged.filter(principals__isnull=False)
        | merged.filter(hosted_studios__state__in=("preparing", "active", "rectifying"))
        | merged.filter(Exists(running))
    )
    done = 0
    for pk in still.distinct().values_list("pk", flat=True):
        with transaction.atomic():
            row = Organisation.objects.select_for_update(of=("self",)).select_related("succeeded_by__parent")
            hand_over(row.get(pk=pk), CLOCK, at, None)
        done += 1
    return done
