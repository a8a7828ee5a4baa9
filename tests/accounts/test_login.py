"""Coming in: the right words, the lock, the session's key, the demonstration's buttons."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Outcome, Role, SignIn, User
from tests.factories.accounts import PASSWORD, UserFactory, capacity, make_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def officer() -> User:
    user = UserFactory(username="wang", name="王经办", password=PASSWORD, password_changed_at=timezone.now())
    capacity(user, make_bureau())
    return user


def _log_in(client: Client, username: str, password: str, **more: str):
    return client.post(reverse("login"), {"username": username, "password": password, **more})


def test_an_officer_logs_in_and_goes_where_they_were_going(client: Client, officer: User) -> None:
    response = _log_in(client, "wang", PASSWORD, next="/registry/people/")
    assert response.status_code == 302
    assert response["Location"] == "/registry/people/"


def test_nobody_is_sent_to_another_site_after_login(client: Client, officer: User) -> None:
    response = _log_in(client, "wang", PASSWORD, next="https://example.org/")
    assert response["Location"] == settings.LOGIN_REDIRECT_URL


def test_unknown_wrong_and_switched_off_get_the_same_answer(client: Client, officer: User) -> None:
    UserFactory(username="off", password=PASSWORD, is_active=False)
    answers = [
        _log_in(client, "nobody", "x").context["form"].non_field_errors(),
        _log_in(client, "wang", "wrong").context["form"].non_field_errors(),
        _log_in(client, "off", PASSWORD).context["form"].non_field_errors(),
    ]
    assert answers[0] == answers[1] == answers[2]
    assert "用户名或密码不正确" in answers[0][0]


def test_five_failures_lock_for_thirty_minutes_even_for_the_right_password(
    client: Client, officer: User
) -> None:
    for _ in range(5):
        _log_in(client, "wang", "wrong")
    locked = _log_in(client, "wang", PASSWORD)
    assert locked.status_code == 429
    assert "30 分钟" in locked.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert _log_in(client, "wang", PASSWORD).status_code == 302


def test_an_unknown_name_is_locked_alike(client: Client) -> None:
    for _ in range(5):
        _log_in(client, "nobody", "wrong")
    assert _log_in(client, "nobody", "wrong").status_code == 429


def test_the_session_key_changes_at_login(client: Client, officer: User) -> None:
    session = client.session
    session["visited"] = "before"
    session.save()
    before = session.session_key
    _log_in(client, "wang", PASSWORD)
    assert client.session.session_key != before


def test_a_switched_off_account_is_out_at_once(client: Client, officer: User) -> None:
    _log_in(client, "wang", PASSWORD)
    assert client.get(reverse("registry:people")).status_code == 200
    officer.is_active = False
    officer.save()
    assert client.get(reverse("registry:people")).status_code == 302


def test_logging_out_takes_a_post(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert "_auth_user_id" not in client.session


def test_a_demonstration_lists_its_accounts_and_logs_in_with_a_click(client: Client, settings) -> None:
    settings.DEMO = True
    user = UserFactory(username="bureau", name="王经办", demonstration=True, password="demo-2026")
    capacity(user, make_bureau())
    page = client.get(reverse("login")).content.decode()
    assert "王经办 · 市教育局 经办" in page
    response = client.post(reverse("demo_login"), {"username": "bureau"})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_only_demonstration_accounts_log_in_with_a_click(client: Client, officer: User, settings) -> None:
    settings.DEMO = True
    assert client.post(reverse("demo_login"), {"username": "wang"}).status_code == 404


def test_outside_a_demonstration_nobody_logs_in_with_a_click(client: Client, settings) -> None:
    settings.DEMO = False
    user = UserFactory(username="bureau", demonstration=True)
    capacity(user, make_bureau(), Role.OFFICER)
    assert client.post(reverse("demo_login"), {"username": "bureau"}).status_code == 404
    assert "演示账号" not in client.get(reverse("login")).content.decode()


def test_who_comes_in_goes_out_or_is_turned_away_is_written_down(client: Client, officer: User) -> None:
    """With time, account, address and outcome; of a name that is no account hardly anything is kept."""
    _log_in(client, "wang", "wrong")
    _log_in(client, "Pass-typed-as-name", "x")
    _log_in(client, "wang", "")
    client.post(reverse("login"), {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    client.post(reverse("logout"))
    client.force_login(officer)
    client.get("/desk/")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        client.get("/desk/")
    rows = SignIn.objects.order_by("pk").values_list("username", "user", "outcome", "address")
    assert list(rows) == [
        ("wang", officer.pk, Outcome.FAILED, "127.0.0.1"),
        ("Pa***", None, Outcome.FAILED, "127.0.0.1"),
        ("wang", officer.pk, Outcome.IN, "192.0.2.7"),
        ("wang", officer.pk, Outcome.OUT, "127.0.0.1"),
        ("wang", officer.pk, Outcome.IDLE, "127.0.0.1"),
    ]


def test_a_locked_account_is_written_down_once_for_each_try(client: Client, officer: User) -> None:
    for _ in range(6):
        _log_in(client, "wang", "wrong")
    outcomes = list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.FAILED] * 4 + [Outcome.LOCKED] * 2
