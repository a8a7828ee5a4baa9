"""Appointments ended in bulk: each for itself, only one's own to end, access over at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Appointment, Role, User
from office.models import Entry
from tests.factories.accounts import make_capacity, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]

END = "/registry/appointments/end/"


def _day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def test_access_under_an_ended_appointment_ends_at_once(cast, acting) -> None:
    second = make_capacity(Role.OFFICER, make_school(cast.hongshan), "李学校")
    theirs = Client()
    theirs.force_login(cast.officer.user)
    assert theirs.get("/registry/principals/").status_code == 200
    browser = acting(cast.county)
    chosen = {"pk": [cast.officer.appointment.pk, second.appointment.pk]}
    asked = browser.post(END, chosen).content.decode()
    assert "确认结束 2 项任职" in asked
    assert theirs.get("/registry/principals/").status_code == 200, "asking ends nothing"
    report = browser.post(END, chosen | {"confirmed": "1", "ends": _day(-1)}).content.decode()
    assert "已结束 2 项" in report
    assert theirs.get("/registry/principals/").status_code == 403
    entry = Entry.objects.of(cast.officer.user).get()
    assert (entry.label, entry.facts["结束日期"]) == ("任职结束", ["", _day(-1)])


def test_one_that_cannot_end_on_that_day_keeps_no_other_from_it(cast, acting) -> None:
    young = make_capacity(Role.OFFICER, make_school(cast.hongshan), "李学校")
    Appointment.objects.filter(pk=young.appointment.pk).update(starts=_day(0))
    chosen = {"pk": [cast.officer.appointment.pk, young.appointment.pk]}
    report = acting(cast.county).post(END, chosen | {"confirmed": "1", "ends": _day(-1)}).content.decode()
    assert "结束日期早于开始日期" in report
    assert "已结束 1 项，未结束 1 项" in report
    young.appointment.refresh_from_db()
    assert young.appointment.ends is None


def test_an_appointment_that_is_over_is_not_made_longer(cast, acting) -> None:
    Appointment.objects.filter(pk=cast.officer.appointment.pk).update(ends=_day(-9))
    chosen = {"pk": [cast.officer.appointment.pk], "confirmed": "1", "ends": _day(9)}
    assert "未结束 1 项" in acting(cast.bureau).post(END, chosen).content.decode()


def test_a_county_ends_appointments_at_its_schools_only_and_nobody_their_own(cast, acting) -> None:
    foreign = make_capacity(Role.OFFICER, cast.elsewhere)
    for me, other in ((cast.county, foreign), (cast.county, cast.bureau), (cast.bureau, cast.admin)):
        chosen = {"pk": [other.appointment.pk, me.appointment.pk], "confirmed": "1", "ends": _day(-1)}
        assert acting(me).post(END, chosen).status_code == 400
    assert not Appointment.objects.exclude(ends=None).exists()


def test_the_list_offers_to_choose_only_what_may_be_ended(cast, acting) -> None:
    page = acting(cast.county).get("/registry/appointments/").content.decode()
    assert f'name="pk" value="{cast.officer.appointment.pk}"' in page
    assert f'name="pk" value="{cast.county.appointment.pk}"' not in page
    assert User.objects.count() == 5
