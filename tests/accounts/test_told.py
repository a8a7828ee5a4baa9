"""What a person is told about the own account, and how long it is kept who came in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Outcome, Role, Safety, SignIn, User
from office.models import Entry, Notice, NoticeKind
from portal.tasks import sweep
from tests.factories.accounts import PASSWORD, UserFactory, capacity, make_bureau, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]
NEW = "Neues-Wort-99"


@pytest.fixture
def officer() -> User:
    return capacity(Role.OFFICER, make_school()).user


def test_a_changed_password_is_told_with_time_and_address(client: Client, officer: User) -> None:
    client.force_login(officer)
    words = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    client.post(reverse("password"), words, REMOTE_ADDR="192.0.2.7")
    notice = Notice.objects.get(user=officer)
    assert notice.kind == NoticeKind.SECURITY
    assert notice.text.startswith(f"密码已于{timezone.localdate():%Y年%-m月%-d日}")
    assert "192.0.2.7" in notice.text
    assert Entry.objects.of(officer).last().label == "修改密码"


@pytest.mark.parametrize("new", ["Short-1", "only-lowercase-words", "12345678901234", PASSWORD])
def test_a_poor_password_changes_nothing_and_tells_nobody(client: Client, officer: User, new: str) -> None:
    client.force_login(officer)
    words = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post(reverse("password"), words)
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert not Notice.objects.exists()


def test_who_gets_a_new_first_password_is_told_by_whom(client: Client, officer: User) -> None:
    keeper = capacity(Role.ADMIN, make_bureau(), name="梁子墨").user
    client.force_login(keeper)
    client.post(reverse("registry:person_password", args=[officer.pk]))
    assert "密码已由梁子墨重置" in Notice.objects.get(user=officer).text


def came_in(days_ago: int) -> SignIn:
    at = timezone.now() - timedelta(days=days_ago)
    return SignIn.objects.create(at=at, user=UserFactory(), username="x", outcome=Outcome.IN)


def test_sign_ins_are_deleted_when_their_time_is_over_and_that_is_written_down() -> None:
    came_in(3 * 366 + 30), came_in(3 * 366 + 40)
    kept = came_in(3 * 365)
    sweep()
    sweep()
    assert list(SignIn.objects.all()) == [kept]
    (entry,) = Entry.objects.of(Safety(pk=1))
    assert (entry.label, entry.facts["删除"]) == ("删除到期的登录记录", "2 条")


def test_the_administrator_keeps_them_shorter_but_never_under_six_months(client: Client) -> None:
    client.force_login(capacity(Role.ADMIN, make_bureau()).user)
    assert client.post(reverse("safety"), {"keep_months": 5}).status_code == 422
    assert client.post(reverse("safety"), {"keep_months": 6}).status_code == 302
    came_in(200)
    kept = came_in(183)
    sweep()
    assert list(SignIn.objects.all()) == [kept]


def test_the_sweep_leaves_the_requirement_undecided() -> None:
    came_in(2000)
    sweep()
    assert Safety.objects.get().chosen is None
