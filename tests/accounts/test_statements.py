"""A statement is written once, and planned once by each connection: with other values it finds other rows."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import prepared
from accounts.ground import lay
from accounts.models import Appointment, Kind, Organisation, Role
from accounts.statements import Given, GivenDay, GivenMoment, Statement
from tests.factories.accounts import capacity, make_bureau

COUNTIES = Organisation.objects.filter(kind=Kind.COUNTY)


def named() -> Statement:
    """The counties of a name."""
    return Statement(COUNTIES.filter(name=Given("name")).order_by("pk"))


@pytest.mark.core
@pytest.mark.django_db
def test_the_same_statement_finds_other_rows_for_other_values() -> None:
    lay()
    county, asked = COUNTIES.get(code="150425"), named()
    assert asked.fetch({"name": "克什克腾旗教育局"}) == [county]
    assert asked.fetch({"name": "%教育局'; --"}) == []
    assert (asked.count({"name": "克什克腾旗教育局"}), asked.count({"name": ""})) == (1, 0)


@pytest.mark.core
@pytest.mark.django_db
def test_a_constant_of_the_rules_may_hold_a_percent_sign() -> None:
    lay()
    COUNTIES.filter(code="150425").update(name="100%的教育局")
    asked = Statement(COUNTIES.filter(name__contains="0%的", parent=Given("above")))
    assert [each.code for each in asked.fetch({"above": Organisation.objects.get(code="150400").pk})] == [
        "150425"
    ]


@pytest.mark.core
@pytest.mark.django_db
def test_whose_appointment_ends_is_asked_of_a_day() -> None:
    appointment, day = capacity(Role.OFFICER, make_bureau()).appointment, date(2026, 11, 24)
    Appointment.objects.update(starts=day - timedelta(days=9), ends=day)
    asked = Statement(Appointment.objects.filter(ends__gte=GivenDay("day")))
    assert asked.fetch({"day": day}) == [appointment]
    assert asked.fetch({"day": day + timedelta(days=1)}) == []


@pytest.mark.core
@pytest.mark.django_db
def test_a_moment_is_asked_for_so_long_ago_as_the_rule_says() -> None:
    appointment, now = capacity(Role.OFFICER, make_bureau()).appointment, timezone.now()
    since, quarter = GivenMoment("at"), timedelta(days=90)
    Appointment.objects.update(starts=timezone.localdate(now) - quarter)
    begun = Statement(Appointment.objects.filter(starts__lte=timezone.localdate(since - quarter)))  # type: ignore[arg-type]
    joined = Statement(Appointment.objects.filter(user__date_joined__gte=since - quarter))
    for ago, found in ((timedelta(), [appointment]), (timedelta(days=1), [])):
        assert begun.fetch({"today": timezone.localdate(now - ago)}) == found
    for later, found in ((timedelta(days=89), [appointment]), (timedelta(days=91), [])):
        assert joined.fetch({"at": now + later}) == found


@pytest.mark.core
@pytest.mark.django_db
def test_it_is_one_query_also_when_it_is_asked_for_the_first_time() -> None:
    asked = named()
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            asked.fetch({"name": "红山区教育局"})
        assert len(queries) == 1


def kept_by_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_what_it_was_last_asked() -> None:
    connection.close()
    lay()
    many = [Statement(COUNTIES.filter(name=Given("name"))[: n + 1]) for n in range(prepared.KEPT + 5)]
    for each in many:
        assert len(each.fetch({"name": "红山区教育局"})) == 1
    assert kept_by_the_server() == prepared.KEPT
    assert len(many[0].fetch({"name": "松山区教育局"})) == 1
    assert kept_by_the_server() == prepared.KEPT


@pytest.mark.django_db(transaction=True)
def test_after_the_server_lost_the_connection_the_next_one_prepares_anew() -> None:
    lay()
    asked = named()
    assert len(asked.fetch({"name": "红山区教育局"})) == 1
    lost = connection.connection.info.backend_pid
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])
    other.close()
    connection.health_check_done = False  # as a request begins
    assert len(asked.fetch({"name": "松山区教育局"})) == 1
    assert connection.connection.info.backend_pid != lost
