"""What can't be undone asks again who is there: the password, and the code of who has a second factor."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts import second_factor
from accounts.models import Outcome, SignIn
from applications.models import Call, CallState
from office.flow import FLOWS
from office.views.batch import BatchView
from office.views.case import StepView
from tests.demonstration import ROOT
from tests.factories.accounts import PASSWORD
from tests.office.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]
CANCEL = "/calls/2026-P1/steps/cancel/"
WORDS = "经费不足，推迟到明年"


@pytest.fixture
def leader(client: Client, cast: Cast) -> Client:
    client.force_login(cast.leader.user)
    return client


def state() -> str:
    return Call.objects.get().state


def test_these_decisions_are_sealed() -> None:
    sealed = {f"{flow.name}.{step.name}" for flow in FLOWS.values() for step in flow.steps if step.sealed}
    assert sealed >= {
        "call.decide",
        "call.cancel",
        "publicity.publish",
        "objection.uphold",
        "objection.dismiss",
        "announcement.issue",
    }


def test_a_consequence_or_the_clock_is_never_asked_for_a_password() -> None:
    """A sealed step is a person's; one that nobody takes by hand can't be sealed."""
    from office.flow import clock, nobody

    assert not [
        step.name
        for flow in FLOWS.values()
        for step in flow.steps
        if step.sealed and step.who in (nobody, clock)
    ]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def test_every_step_of_every_flow_is_taken_at_two_addresses_that_ask() -> None:
    """The step's own and the batch's; no other code of a view goes to the door."""
    views = {
        pattern.name: pattern.callback.view_class
        for pattern in patterns(get_resolver())
        if pattern.name and pattern.name.startswith(("step-", "batch-"))
    }
    assert views == {f"step-{name}": StepView for name in FLOWS} | {
        f"batch-{name}": BatchView for name in FLOWS
    }


def test_nobody_but_these_views_and_the_clock_goes_to_the_door() -> None:
    going = set()
    for app in (
        "accounts",
        "programmes",
        "office",
        "studios",
        "evaluations",
        "applications",
        "funding",
        "portal",
    ):
        for file in (ROOT / app).rglob("*.py"):
            if takes(file) and "demo" not in file.parts:
                going.add(file.relative_to(ROOT).as_posix())
    assert going == {
        "office/views/case.py",
        "office/views/batch.py",
        "applications/timekeeping.py",
        "office/consulting.py",
        "studios/timekeeping.py",
    }


def takes(file: Path) -> bool:
    """Whether a module imports the door's ``take``."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "office.door"
        and {"take", "take_each"} & {alias.name for alias in node.names}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    )


def test_the_case_page_asks_for_the_password(leader: Client, cast: Cast) -> None:
    page = leader.get(cast.call.get_absolute_url()).content.decode()
    assert 'id="password-cancel"' in page
    assert 'id="code-cancel"' not in page, "this leader has no second factor"


@pytest.mark.parametrize(
    ("given", "said"), [({}, "请输入登录密码"), ({"password": "wrong"}, "登录密码不正确")]
)
def test_without_the_right_password_nothing_happens_and_the_words_are_kept(
    leader: Client, cast: Cast, given: dict[str, str], said: str
) -> None:
    answer = leader.post(CANCEL, {"opinion": WORDS, **given})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert WORDS in text
    assert "wrong" not in text
    assert state() == CallState.DRAFT


def test_with_the_password_it_is_done(leader: Client, cast: Cast) -> None:
    assert leader.post(CANCEL, {"opinion": WORDS, "password": PASSWORD}).status_code == 302
    assert state() == CallState.CANCELLED


def test_wrong_passwords_count_like_failed_logins_and_the_fifth_logs_out(leader: Client, cast: Cast) -> None:
    answers = [leader.post(CANCEL, {"opinion": WORDS, "password": "wrong"}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert "_auth_user_id" not in leader.session
    outcomes = list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.PROOF] * 4 + [Outcome.LOCKED]
    assert state() == CallState.DRAFT


def test_who_has_a_second_factor_gives_its_code_too(leader: Client, cast: Cast) -> None:
    user = cast.leader.user
    then = timezone.now() - timedelta(minutes=10)
    with time_machine.travel(then):
        device = second_factor.begin(user, then)
        assert second_factor.confirm(user, f"{device.totp(then).token():06d}", then)
    assert 'id="code-cancel"' in leader.get(cast.call.get_absolute_url()).content.decode()
    words = {"opinion": WORDS, "password": PASSWORD}
    assert "请输入登录密码和动态验证码" in leader.post(CANCEL, words).content.decode()
    code = f"{device.totp(timezone.now()).token():06d}"
    assert leader.post(CANCEL, words | {"code": code}).status_code == 302
    assert state() == CallState.CANCELLED


def test_who_may_not_take_it_is_refused_before_any_password(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer.user)
    assert client.post(CANCEL, {"opinion": WORDS, "password": "wrong"}).status_code == 403
    assert not SignIn.objects.exists()


def test_a_batch_asks_once_for_all(leader: Client, cast: Cast) -> None:
    batch = {"pk": [cast.call.pk], "confirmed": "1", "opinion": WORDS}
    address = "/calls/batch/cancel/"
    answer = leader.post(address, batch)
    assert answer.status_code == 422
    assert "请输入登录密码" in answer.content.decode()
    assert 'name="password"' in answer.content.decode()
    assert state() == CallState.DRAFT
    assert leader.post(address, batch | {"password": PASSWORD}).status_code == 200
    assert state() == CallState.CANCELLED
