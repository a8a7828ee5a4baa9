"""The cast of the office's tests: a bureau, its programme, a call in draft, and those who act on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.capacity import SESSION_KEY, Capacity
from accounts.models import Organisation, Role
from applications.models import Application, Call, ProposedMember
from office.door import begin
from programmes.ground import lay
from programmes.models import Programme
from tests.factories.accounts import (
    make_bureau,
    make_capacity,
    make_county,
    make_principal,
    make_school,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Cast:
    """Who takes part, and what they act on."""

    bureau: Organisation
    county: Organisation
    school: Organisation
    programme: Programme
    officer: Capacity
    leader: Capacity
    county_officer: Capacity
    applicant: Capacity
    call: Call

    def new_call(self, number: str) -> Call:
        """Another call in draft."""
        days = [AT + timedelta(days=30 * step) for step in range(1, 7)]
        call = Call(
            number=number,
            name=f"{number}号批次",
            programme=self.programme,
            start_on=date(2027, 1, 1),
            opens_at=days[0],
            submit_by=days[1],
            school_by=days[2],
            authority_by=days[3],
            check_by=days[4],
            score_by=days[5],
        )
        begin(call, self.officer, AT)
        return call

    def new_application(
        self, number: str, applicant: Capacity | None = None, at: datetime = AT
    ) -> Application:
        """A draft of ``applicant`` in the call."""
        lead = (applicant or self.applicant).user.principal
        application = Application(
            number=number,
            call=self.call,
            lead=lead,
            school=lead.school,
            authority=lead.school.parent,
            stage="primary",
            studio_name=f"{lead.name}名校长工作室",
        )
        begin(application, applicant or self.applicant, at)
        return application

    def propose(self, application: Application, name: str = "") -> ProposedMember:
        """Another principal, asked to be a member."""
        person = make_capacity(Role.PRINCIPAL, make_school(self.county), name)
        principal = make_principal(person.organisation, user=person.user)
        member = ProposedMember(application=application, principal=principal, basis="市级名校长")
        begin(member, self.applicant, AT)
        return member


def principal_of(school: Organisation, name: str = "") -> Capacity:
    """A principal with an account and a record."""
    person = make_capacity(Role.PRINCIPAL, school, name)
    make_principal(school, user=person.user)
    return person


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """Everybody in place on the morning of 2 March 2026."""
    bureau, county = make_bureau(), make_county("红山区")
    school = make_school(county, "红山区清泉小学")
    made = Cast(
        bureau=bureau,
        county=county,
        school=school,
        programme=lay(bureau),
        officer=make_capacity(Role.OFFICER, bureau, "孙慧敏"),
        leader=make_capacity(Role.LEADER, bureau, "何建国"),
        county_officer=make_capacity(Role.OFFICER, county, "周立新"),
        applicant=principal_of(school, "王志远"),
        call=None,  # type: ignore[arg-type]
    )
    made.call = made.new_call("2026-P1")
    with time_machine.travel(AT + timedelta(hours=1)):
        yield made


@pytest.fixture
def as_person() -> Callable[[Capacity], Client]:
    """A browser in which this person is logged in, acting in this capacity."""

    def browser(me: Capacity) -> Client:
        client = Client()
        client.force_login(me.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[SESSION_KEY] = me.appointment.pk
        session.save()
        return client

    return browser
