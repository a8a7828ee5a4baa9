"""The second factor: set up with a first code, asked after the password, lost and taken away again."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import Authenticator, Outcome, RecoveryCode, Role, Safety, SignIn, User
from office.models import Entry, Notice
from tests.factories.accounts import PASSWORD, UserFactory, capacity, make_bureau, make_county, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def officer() -> User:
    user = UserFactory(username="wang", name="王经办", password=PASSWORD, password_changed_at=timezone.now())
    capacity(user, make_bureau())
    return user


@pytest.fixture
def admin() -> User:
    user = UserFactory(username="admin", name="梁管理", password=PASSWORD, password_changed_at=timezone.now())
    capacity(user, make_bureau(), Role.ADMIN)
    return user


def log_in(client: Client, username: str = "wang", next: str = ""):
    return client.post(reverse("login"), {"username": username, "password": PASSWORD, "next": next})


def code_of(user: User, *, confirmed: bool = True, steps: int = 0) -> str:
    """What the app on the phone shows, ``steps`` half minutes off."""
    device = Authenticator.objects.get(user=user, confirmed=confirmed)
    generator = device.totp(timezone.now() + timedelta(seconds=30 * steps))
    return f"{generator.token():06d}"


def set_up(client: Client, user: User) -> list[str]:
    """Scan and enter the first code, as a person does; returns the recovery codes."""
    client.post(reverse("second-factor-new"), {"act": "begin"})
    page = client.post(reverse("second-factor-new"), {"code": code_of(user, confirmed=False)})
    return re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.content.decode())


@pytest.fixture
def secured(client: Client, officer: User) -> list[str]:
    """The officer uses a second factor since ten minutes ago; gives the recovery codes."""
    with time_machine.travel(timezone.now() - timedelta(minutes=10)):
        client.force_login(officer)
        codes = set_up(client, officer)
        client.post(reverse("logout"))
    return codes


def test_setting_up_takes_a_first_code_and_gives_ten_recovery_codes_once(
    client: Client, officer: User
) -> None:
    client.force_login(officer)
    client.post(reverse("second-factor-new"), {"act": "begin"})
    page = client.get(reverse("second-factor-new"))
    assert "data:image/svg+xml" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(reverse("second-factor-new"), {"code": "000000"})
    assert wrong.status_code == 422
    assert second_factor.device_of(officer.pk) is None, "nothing is asked for before the first right code"
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        page = client.post(reverse("second-factor-new"), {"code": code_of(officer, confirmed=False)})
    assert len(set(re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.content.decode()))) == 10
    assert Entry.objects.of(officer).last().label == "启用双重验证"


def test_the_secret_and_the_recovery_codes_are_not_readable_in_the_database(
    client: Client, officer: User, secured: list[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_authenticator")
        kept = cursor.fetchone()[0]
    assert kept != Authenticator.objects.get().key
    assert len(secured) == 10
    assert not RecoveryCode.objects.filter(mac__in=[code.replace("-", "") for code in secured]).exists()


def test_after_the_password_a_second_page_asks_for_the_code(
    client: Client, officer: User, secured: list[str]
) -> None:
    response = log_in(client, next="/registry/people/")
    assert response["Location"] == reverse("login-code")
    assert "_auth_user_id" not in client.session, "nobody is in before the code"
    assert client.get("/registry/people/").status_code == 302
    response = client.post(reverse("login-code"), {"code": code_of(officer)})
    assert response["Location"] == "/registry/people/"
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert SignIn.objects.order_by("-pk")[0].outcome == Outcome.IN


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_half_a_minute(
    client: Client, officer: User, secured: list[str], steps: int, right: bool
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        log_in(client)
        client.post(reverse("login-code"), {"code": code_of(officer, steps=steps)})
        assert ("_auth_user_id" in client.session) is right


def test_a_code_opens_once(client: Client, officer: User, secured: list[str]) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(officer)
        log_in(client)
        client.post(reverse("login-code"), {"code": code})
        other = Client()
        log_in(other)
        assert other.post(reverse("login-code"), {"code": code}).status_code == 422


def test_a_recovery_code_opens_once_and_is_written_down(
    client: Client, officer: User, secured: list[str]
) -> None:
    log_in(client)
    assert client.post(reverse("login-code"), {"code": secured[3].upper()}).status_code == 302
    assert SignIn.objects.order_by("-pk")[0].outcome == Outcome.RECOVERY
    assert second_factor.codes_left(officer.pk) == 9
    client.post(reverse("logout"))
    log_in(client)
    assert client.post(reverse("login-code"), {"code": secured[3]}).status_code == 422


def test_wrong_codes_lock_like_wrong_passwords(client: Client, officer: User, secured: list[str]) -> None:
    log_in(client)
    answers = [client.post(reverse("login-code"), {"code": "123"}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert client.post(reverse("login-code"), {"code": code_of(officer)}).status_code == 429
    assert log_in(client).status_code == 429
    outcomes = list(SignIn.objects.order_by("pk").values_list("outcome", "username"))[-7:]
    assert outcomes == [("code", "wang")] * 4 + [("locked", "wang")] * 3


def test_after_a_wrong_code_the_next_is_heard_only_later_from_wherever_it_comes(
    client: Client, officer: User, secured: list[str]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        log_in(client)
        for _ in range(3):
            client.post(reverse("login-code"), {"code": "123"})
        elsewhere = Client(REMOTE_ADDR="192.0.2.9")
        log_in(elsewhere)
        assert elsewhere.post(reverse("login-code"), {"code": code_of(officer)}).status_code == 422
        clock.shift(10)
        assert elsewhere.post(reverse("login-code"), {"code": code_of(officer)}).status_code == 302


def test_who_waits_too_long_begins_again(client: Client, officer: User, secured: list[str]) -> None:
    log_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        response = client.post(reverse("login-code"), {"code": code_of(officer)})
        assert response["Location"] == reverse("login")
        assert "_auth_user_id" not in client.session


def test_the_code_page_tells_strangers_nothing(client: Client, officer: User, secured: list[str]) -> None:
    """Without the right password there is no second page, whoever is named."""
    assert client.get(reverse("login-code"))["Location"] == reverse("login")
    wrong = client.post(reverse("login"), {"username": "wang", "password": "wrong"})
    assert "用户名或密码不正确" in wrong.content.decode()


def require(client: Client, admin: User, *groups: str) -> None:
    """The administrator decides in the browser."""
    client.force_login(admin)
    assert client.post(reverse("safety"), {"chosen": groups, "keep_months": 36}).status_code == 302


def test_nobody_has_to_before_the_administrator_decides_and_the_page_says_so(
    client: Client, officer: User, admin: User
) -> None:
    client.force_login(admin)
    assert "还没有决定哪些人员须使用双重验证" in client.get(reverse("safety")).content.decode()
    assert not second_factor.needed(officer, timezone.now())


def test_in_earnest_bureau_finance_and_administrators_have_to_from_the_start(
    officer: User, admin: User, settings
) -> None:
    settings.SECOND_FACTOR_GROUPS = ["bureau", "finance", "admin"]
    clerk = capacity(Role.OFFICER, make_school()).user
    assert [second_factor.needed(user, timezone.now()) for user in (officer, admin, clerk)] == [
        True,
        True,
        False,
    ]


def test_who_is_required_and_has_none_sets_it_up_before_anything_else(
    client: Client, officer: User, admin: User
) -> None:
    require(client, admin, "bureau")
    assert Entry.objects.of(Safety(pk=1)).last().facts["须使用双重验证的人员"] == ["无", "市教育局经办、审批"]
    person = Client()
    log_in(person)
    assert person.get("/desk/")["Location"] == reverse("second-factor-new")
    assert person.get(reverse("second-factor"))["Location"] == reverse("second-factor-new")
    set_up(person, officer)
    assert person.get("/desk/").status_code == 200
    said = person.post(reverse("second-factor-off"), {"password": PASSWORD, "code": "1"})
    assert said.status_code == 422
    assert "不能停用" in said.content.decode()


def test_an_account_of_the_demonstration_is_never_made_to(client: Client, admin: User, settings) -> None:
    settings.DEMO = True
    shown = UserFactory(username="bureau", demonstration=True, password="demo-2026")
    capacity(shown, make_bureau())
    require(client, admin, "bureau")
    visitor = Client()
    visitor.post(reverse("demo_login"), {"username": "bureau"})
    assert visitor.get("/desk/").status_code == 200


def test_giving_it_up_takes_password_and_code(client: Client, officer: User, secured: list[str]) -> None:
    client.force_login(officer)
    off = reverse("second-factor-off")
    assert client.post(off, {"password": PASSWORD}).status_code == 422
    assert client.post(off, {"password": "wrong", "code": code_of(officer)}).status_code == 422
    assert second_factor.device_of(officer.pk)
    assert client.post(off, {"password": PASSWORD, "code": code_of(officer)}).status_code == 302
    assert second_factor.device_of(officer.pk) is None
    assert not RecoveryCode.objects.exists()


def test_a_new_phone_replaces_the_old_one_only_with_its_first_code(
    client: Client, officer: User, secured: list[str]
) -> None:
    client.force_login(officer)
    old = Authenticator.objects.get()
    new = reverse("second-factor-new")
    assert client.post(new, {"act": "begin"}).status_code == 422, "asked who is there"
    client.post(new, {"act": "begin", "password": PASSWORD, "code": code_of(officer)})
    assert second_factor.device_of(officer.pk) == old
    client.post(new, {"code": code_of(officer, confirmed=False)})
    assert second_factor.device_of(officer.pk) != old
    assert Authenticator.objects.count() == 1


def test_new_recovery_codes_end_the_old_ones(client: Client, officer: User, secured: list[str]) -> None:
    client.force_login(officer)
    page = client.post(
        reverse("second-factor-codes"), {"password": PASSWORD, "code": code_of(officer)}
    ).content.decode()
    assert not any(code in page for code in secured)
    assert second_factor.check(officer.pk, secured[0], timezone.now()) == ""


def test_a_county_takes_the_lost_second_factor_of_its_school_away_and_the_person_is_told(
    client: Client,
) -> None:
    county = make_county()
    clerk = capacity(Role.OFFICER, make_school(county)).user
    keeper = capacity(Role.OFFICER, county, name="齐明").user
    foreign = capacity(Role.OFFICER, make_county("松山区")).user
    client.force_login(clerk)
    set_up(client, clerk)
    address = reverse("registry:person_second_factor", args=[clerk.pk])
    client.force_login(foreign)
    assert client.post(address).status_code == 404
    client.force_login(keeper)
    assert client.post(address).status_code == 302
    assert second_factor.device_of(clerk.pk) is None
    assert Entry.objects.of(clerk).last().label == "解除双重验证"
    assert "已由齐明解除" in Notice.objects.get(user=clerk).text


def test_the_last_administrator_gets_back_in_from_the_server(client: Client, admin: User) -> None:
    from django.core.management import call_command

    client.force_login(admin)
    set_up(client, admin)
    call_command("second_factor_remove", "admin")
    assert second_factor.device_of(admin.pk) is None
    assert Entry.objects.of(admin).last().label == "解除双重验证"


def test_the_administrators_desk_says_that_nobody_has_decided_yet(client: Client, admin: User) -> None:
    words = "还没有决定哪些人员须使用双重验证"
    client.force_login(admin)
    assert words in client.get("/desk/").content.decode()
    require(client, admin, "bureau")
    client.force_login(admin)
    assert words not in client.get("/desk/").content.decode()


def test_after_setting_it_up_what_was_asked_for_opens(client: Client, officer: User, admin: User) -> None:
    require(client, admin, "bureau")
    person = Client()
    log_in(person, next="/applications/?waiting=1")
    person.get("/applications/?waiting=1")
    person.post(reverse("second-factor-new"), {"act": "begin"})
    page = person.post(reverse("second-factor-new"), {"code": code_of(officer, confirmed=False)})
    assert 'href="/applications/?waiting=1">已保存，继续' in page.content.decode()
