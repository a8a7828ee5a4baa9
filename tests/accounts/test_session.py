"""Being in: idle logout, the first password, the capacity one acts in."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import capacities, choose
from accounts.models import Role, User
from tests.factories.accounts import (
    PASSWORD,
    AppointmentFactory,
    UserFactory,
    capacity,
    make_bureau,
    make_principal,
    make_school,
)

pytestmark = [pytest.mark.django_db, pytest.mark.core]
PAGE = "/registry/people/?search=a"
NEW = "Neues-Wort-99"


@pytest.fixture
def officer() -> User:
    user = UserFactory(username="wang", password=PASSWORD, password_changed_at=timezone.now())
    capacity(user, make_bureau())
    return user


def test_thirty_idle_minutes_log_out_and_login_leads_back(client: Client, officer: User) -> None:
    client.force_login(officer)
    client.get(PAGE)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        response = client.get(PAGE)
        assert response.status_code == 302
        page = client.get(response["Location"])
    assert "超过 30 分钟没有操作" in page.content.decode()
    assert page.context["next"] == PAGE
    assert "_auth_user_id" not in client.session


def test_who_keeps_working_stays_in(client: Client, officer: User) -> None:
    client.force_login(officer)
    start = timezone.now()
    for minutes in (0, 20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get(PAGE).status_code == 200


def test_a_part_of_a_page_sends_the_whole_page_to_login(client: Client, officer: User) -> None:
    client.force_login(officer)
    client.get(PAGE)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        response = client.get(
            "/desk/", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
        )
    assert response["HX-Redirect"].startswith(reverse("login"))
    assert "people" in response["HX-Redirect"]


def test_last_seen_is_written_at_most_once_a_minute(client: Client, officer: User) -> None:
    client.force_login(officer)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get(reverse("password"))
        clock.shift(30)
        seen = client.session["seen"]
        client.get(reverse("password"))
        assert client.session["seen"] == seen
        clock.shift(31)
        client.get(reverse("password"))
        assert client.session["seen"] == seen + 61


def test_a_first_password_opens_nothing_but_its_change(client: Client, officer: User) -> None:
    officer.must_change_password = True
    officer.save()
    client.force_login(officer)
    response = client.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, reverse("password"))
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("password"), fields).status_code == 302
    officer.refresh_from_db()
    assert not officer.must_change_password
    assert officer.password_changed_at is not None
    assert client.get(PAGE).status_code == 200


def test_a_password_past_its_days_is_changed_first(client: Client, officer: User, settings) -> None:
    client.force_login(officer)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        client.force_login(officer)
        assert client.get(PAGE)["Location"] == reverse("password")
        assert "超过 90 天" in client.get(reverse("password")).content.decode()
        settings.PASSWORD_DAYS = 0
        assert client.get(PAGE).status_code == 200


def test_changing_the_password_ends_all_other_sessions(client: Client, officer: User) -> None:
    elsewhere = Client()
    for each in (client, elsewhere):
        each.force_login(officer)
    client.post(reverse("password"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert client.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Short-1", "10"),
        ("onlylowercase", "三类"),
        ("lower123456", "三类"),
        (PASSWORD, "不能与原密码相同"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(
    client: Client, officer: User, password: str, sentence: str
) -> None:
    client.force_login(officer)
    fields = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert sentence in client.post(reverse("password"), fields).content.decode()


def test_one_chooses_the_capacity_in_which_one_acts(client: Client, officer: User) -> None:
    first = officer.appointments.get()
    expert = AppointmentFactory(
        user=officer, role=Role.EXPERT, organisation=make_bureau(), starts=date(2019, 1, 1)
    )
    client.force_login(officer)
    assert client.get(PAGE).wsgi_request.me.appointment == first
    assert client.post(reverse("capacity"), {"appointment": expert.pk}).status_code == 302
    assert client.get(reverse("password")).wsgi_request.me.appointment == expert
    assert client.get(PAGE).status_code == 403


def test_nobody_acts_in_anothers_or_an_ended_capacity(client: Client, officer: User) -> None:
    other = AppointmentFactory(organisation=make_bureau())
    ended = AppointmentFactory(
        user=officer, role=Role.LEADER, organisation=make_bureau(), ends=date(2021, 1, 1)
    )
    client.force_login(officer)
    for appointment in (other, ended):
        assert client.post(reverse("capacity"), {"appointment": appointment.pk}).status_code == 404
    assert client.post(reverse("capacity"), {"appointment": "x"}).status_code == 404


def test_ending_an_appointment_ends_the_access_at_once(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert client.get(PAGE).status_code == 200
    officer.appointments.update(ends=timezone.localdate() - timedelta(days=1))
    response = client.get(PAGE)
    assert response.status_code == 403
    assert "您目前没有有效的任职" in response.content.decode()
    assert client.get(reverse("password")).status_code == 200


def test_a_principal_without_appointment_is_not_turned_away(client: Client) -> None:
    user = UserFactory(password_changed_at=timezone.now())
    make_principal(make_school(), user=user)
    client.force_login(user)
    assert "您目前没有有效的任职" not in client.get("/desk/").content.decode()


def test_capacities_cost_one_query(officer: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        me = choose(officer, capacities(officer, date(2026, 1, 1)), None)
        assert me.organisation is not None
        assert me.organisation.parent is None
