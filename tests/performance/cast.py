"""Who looks at the data set, and at what: people of its first bureau with the most to do."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as ACCOUNT_KEY
from django.db.models import Count

from accounts.capacity import SESSION_KEY
from accounts.models import Appointment, Kind, Organisation, Role
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Publicity,
    PublicityState,
    Review,
    ReviewState,
)
from office.models import Entry
from studios.models import Activity, ActivityState, Plan, PlanKind, Studio


def session_of(appointment: Appointment) -> str:
    """The key of a new session of whoever holds the appointment, acting under it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[ACCOUNT_KEY] = str(appointment.user_id)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = appointment.user.get_session_auth_hash()
    store[SESSION_KEY] = appointment.pk
    store.create()
    return str(store.session_key)


class Cast:
    """The people and the rows of the measurements."""

    def __init__(self) -> None:
        self.bureau = Organisation.objects.filter(kind=Kind.BUREAU).order_by("pk")[0]
        self.open = self._call(CallState.OPEN)
        self.judged = self._call(CallState.REVIEWING)
        self.sessions: dict[int, str] = {}

    def _call(self, state: CallState) -> Call:
        return Call.objects.filter(state=state, programme__owner=self.bureau).order_by("pk")[0]

    def appointment(self, role: str, organisation: Organisation | None = None) -> Appointment:
        """Whoever acts in a role of an organisation, the bureau by default."""
        held = Appointment.objects.filter(role=role, organisation=organisation or self.bureau)
        return held.select_related("user").order_by("pk")[0]

    def session(self, appointment: Appointment) -> str:
        """The session of the holder, made once."""
        if appointment.pk not in self.sessions:
            self.sessions[appointment.pk] = session_of(appointment)
        return self.sessions[appointment.pk]

    def waiting(self, state: ApplicationState) -> list[Application]:
        """The applications of the open call in a state."""
        rows = Application.objects.filter(call=self.open, state=state).order_by("pk")
        return list(rows.select_related("lead", "school", "authority", "call"))

    @cached_property
    def county(self) -> Organisation:
        """The county with the most applications that wait for it."""
        rows = Application.objects.filter(call=self.open, state=ApplicationState.AUTHORITY_REVIEW)
        busiest = rows.values("authority").annotate(number=Count("pk")).order_by("-number", "authority")[0]
        return Organisation.objects.get(pk=busiest["authority"])

    @cached_property
    def principal(self) -> Appointment:
        """An applicant whose draft is complete."""
        user = self.waiting(ApplicationState.DRAFT)[0].lead.user_id
        return Appointment.objects.select_related("user").get(user=user, role=Role.PRINCIPAL)

    @cached_property
    def school(self) -> Organisation:
        """A school that has to review an application."""
        return self.waiting(ApplicationState.SCHOOL_REVIEW)[0].school

    @cached_property
    def review(self) -> Review:
        """A sheet that is filled and not handed in: all but its comment and its sending."""
        rows = Review.objects.filter(application__call=self.judged, state=ReviewState.ASSIGNED)
        return rows.filter(scores__isnull=False).select_related("expert__user").order_by("pk")[0]

    @cached_property
    def expert(self) -> Appointment:
        return Appointment.objects.select_related("user").get(
            user=self.review.expert.user_id, role=Role.EXPERT
        )

    @cached_property
    def long_case(self) -> Application:
        """The application with thirty opinions and twenty files."""
        entries = Entry.objects.filter(
            content_type__model="application", object_id__in=Application.objects.filter(call=self.judged)
        )
        longest = entries.values("object_id").annotate(number=Count("pk")).order_by("-number", "object_id")[0]
        return Application.objects.get(pk=longest["object_id"])

    @cached_property
    def publicity(self) -> Publicity:
        """The list that is up."""
        return Publicity.objects.get(state=PublicityState.PUBLISHED, call__programme__owner=self.bureau)

    @cached_property
    def studio(self) -> Studio:
        return (
            Studio.objects.filter(programme__owner=self.bureau)
            .select_related("plaque", "authority")
            .order_by("pk")[0]
        )

    @cached_property
    def lead(self) -> Appointment:
        """The lead of that studio."""
        user = self.studio.lead.user_id
        return Appointment.objects.select_related("user").get(user=user, role=Role.PRINCIPAL)

    @cached_property
    def plan(self) -> Plan:
        """Its latest annual plan."""
        return self.studio.plans.filter(kind=PlanKind.ANNUAL).order_by("-year__starts")[0]

    @cached_property
    def activity(self) -> Activity:
        """The latest activity it held, with who came."""
        return self.studio.activities.filter(state=ActivityState.HELD).order_by("-starts_at")[0]
