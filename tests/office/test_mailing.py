"""Notices by e-mail: claimed first, sent once, 未确认 when nobody knows; at once or once a day, as each chose."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import CALL
from office import mailing
from office.door import take
from office.models import Choice, Entry, Mail, Notice, NoticeKind, Way
from office.notices import tell
from tests.factories.accounts import make_capacity
from tests.office.conftest import AT, Cast
from tests.office.test_jobs import process
from tests.smtp import MailServer, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.core]

Browser = Callable[[Capacity], Client]
HOUR = timedelta(hours=1)
# The day after, at eight: the digest of the notices of AT.
MORNING = AT.replace(hour=8, minute=0) + timedelta(days=1)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """E-mail is set up, and its server listens."""
    with mail_server() as listening:
        settings.MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listening.port
        settings.EMAIL_TIMEOUT = 5
        yield listening


def with_address(person: Capacity, address: str = "qi.ming@example.org") -> Capacity:
    person.user.email = address  # type: ignore[union-attr]
    person.user.save()  # type: ignore[union-attr]
    return person


@pytest.fixture
def reader(cast: Cast) -> Capacity:
    """The county's officer, who has an address."""
    return with_address(cast.county_officer)


def told(
    person: Capacity, text: str = "退回修改", at: datetime = AT, kind: NoticeKind = NoticeKind.RESULT
) -> Notice:
    tell([person.user_id or 0], text, at, kind=kind, url="/calls/2026-P1/")
    return Notice.objects.latest("pk")


# Whether and how


def test_without_a_mail_server_nobody_gets_e_mail_and_the_settings_say_so(
    cast: Cast, reader: Capacity, as_person: Browser
) -> None:
    assert told(reader).way == Way.NONE
    assert mailing.run(AT) == 0
    assert not Mail.objects.exists()
    assert "本单位尚未设置邮件服务" in as_person(reader).get("/me/notices/").content.decode()


def test_who_has_no_address_or_left_gets_none(cast: Cast, server: MailServer) -> None:
    assert told(cast.county_officer).way == Way.NONE
    gone = with_address(make_capacity(Role.OFFICER, cast.county))
    gone.user.is_active = False  # type: ignore[union-attr]
    gone.user.save()  # type: ignore[union-attr]
    assert told(gone).way == Way.NONE


def test_a_result_comes_at_once_in_chinese_with_the_address_to_open(
    reader: Capacity, server: MailServer, settings: Settings
) -> None:
    settings.SITE_URL = "https://studios.example.org"
    notice = told(reader, "王志远名校长工作室：评审通过")
    assert mailing.run(AT) == 1
    (letter,) = server.letters
    assert letter["To"] == "qi.ming@example.org"
    assert letter["Subject"].strip() == "【结果】王志远名校长工作室：评审通过"
    body = letter.get_content()
    assert "https://studios.example.org/calls/2026-P1/" in body
    assert f"{reader.user}，您好" in body
    notice.refresh_from_db()
    assert notice.mail is not None
    assert notice.mail.state == Mail.State.SENT
    assert mailing.run(AT + HOUR) == 0, "once"


def test_what_was_told_within_one_round_goes_in_one_letter(reader: Capacity, server: MailServer) -> None:
    for number in range(3):
        told(reader, f"第 {number} 件")
    assert mailing.run(AT) == 1
    assert "（等 3 条）" in server.letters[0]["Subject"]
    assert all(f"第 {number} 件" in server.letters[0].get_content() for number in range(3))


def test_a_step_that_is_rolled_back_sends_nothing(cast: Cast, reader: Capacity, server: MailServer) -> None:
    with transaction.atomic():
        take(CALL, "cancel", cast.call.pk, cast.leader, AT + HOUR, "推迟")
        transaction.set_rollback(True)
    assert mailing.run(AT + HOUR) == 0


# The digest of a day


def test_the_digest_comes_once_in_the_morning_with_what_is_still_unread(
    reader: Capacity, server: MailServer
) -> None:
    told(reader, "第一件", kind=NoticeKind.PROGRESS)
    read = told(reader, "已经读过的", kind=NoticeKind.PROGRESS)
    Notice.objects.filter(pk=read.pk).update(read_at=AT)
    assert mailing.run(MORNING - timedelta(minutes=1)) == 0
    assert mailing.run(MORNING) == 1
    body = server.letters[0].get_content()
    assert "第一件" in body
    assert "已经读过的" not in body
    told(reader, "之后的", at=MORNING + HOUR, kind=NoticeKind.PROGRESS)
    assert mailing.run(MORNING + 2 * HOUR) == 0, "tomorrow"
    assert mailing.run(MORNING + timedelta(days=1)) == 1


def test_after_days_without_the_clock_one_digest_holds_it_all(reader: Capacity, server: MailServer) -> None:
    for day in range(3):
        told(reader, f"第 {day} 天", at=AT + timedelta(days=day), kind=NoticeKind.PROGRESS)
    assert mailing.run(AT + timedelta(days=3)) == 1
    assert all(f"第 {day} 天" in server.letters[0].get_content() for day in range(3))


def test_the_database_takes_one_digest_a_person_and_day(reader: Capacity) -> None:
    given = {"user": reader.user, "digest_on": MORNING.date(), "made_at": AT, "due_at": AT}
    Mail.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(**given)


# When it does not go


def test_a_server_that_is_away_is_tried_again_after_growing_pauses_and_then_given_up(
    reader: Capacity, server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_PORT = 1
    told(reader)
    now, tried = timezone.now(), []
    for minutes in range(0, 600, 1):
        mailing.run(now + timedelta(minutes=minutes))
        letter = Mail.objects.get()
        if letter.attempts > len(tried):
            tried.append(minutes)
    assert tried == [0, 2, 7, 37, 157], "a moment more than a minute, then 5, 30, 120"
    assert (letter.state, letter.problem) == (Mail.State.FAILED, "连不上邮件服务器")
    assert not server.letters


def test_an_address_that_is_refused_for_good_is_not_tried_again(reader: Capacity, server: MailServer) -> None:
    server.recipients = "550 no such user"
    told(reader)
    mailing.run(AT)
    letter = Mail.objects.get()
    assert (letter.state, letter.problem, letter.attempts) == (Mail.State.FAILED, "收件地址被拒绝", 1)


def test_a_server_that_is_busy_gets_it_a_minute_later(reader: Capacity, server: MailServer) -> None:
    server.data = "451 later"
    told(reader)
    assert mailing.run(timezone.now()) == 0
    server.data = "250 ok"
    assert mailing.run(timezone.now() + timedelta(minutes=2)) == 1


def test_a_connection_lost_while_the_letter_is_handed_over_leaves_it_unconfirmed(
    reader: Capacity, server: MailServer
) -> None:
    server.cut = True
    told(reader)
    mailing.run(AT)
    assert Mail.objects.get().state == Mail.State.UNCONFIRMED
    server.cut = False
    assert mailing.run(AT + timedelta(days=2)) == 0, "not sent again by itself"


SENDER = """
import django
django.setup()
from django.utils import timezone
from office import mailing
mailing.run(timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_claim_and_answer_leaves_it_unconfirmed_after_the_lease(
    reader: Capacity, server: MailServer
) -> None:
    server.hang = True
    told(reader, at=timezone.now())
    sender = process("-c", SENDER, EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
    assert server.taken.wait(60)
    os.kill(sender.pid, signal.SIGKILL)
    sender.wait(10)
    assert Mail.objects.get().state == Mail.State.CLAIMED
    server.hang = False
    until = Mail.objects.get().lease_until
    assert until is not None
    assert mailing.run(until - timedelta(seconds=1)) == 0
    assert Mail.objects.get().state == Mail.State.CLAIMED, "the lease still runs"
    assert mailing.run(until) == 0
    assert Mail.objects.get().state == Mail.State.UNCONFIRMED
    assert not server.letters


@pytest.mark.celery
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_killed_while_it_sends_does_not_send_again_when_it_is_back(
    reader: Capacity, server: MailServer
) -> None:
    server.hang = True
    told(reader, at=timezone.now())
    more = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    celery = ("-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "warning")
    nudge = "import django; django.setup(); from office.tasks import send_mail; send_mail.delay()"
    worker = process(*celery, **more)
    process("-c", nudge, **more).wait(30)
    assert server.taken.wait(60)
    worker.kill()
    worker.wait(10)
    server.hang = False
    Mail.objects.update(lease_until=timezone.now())
    worker = process(*celery, **more)
    try:
        process("-c", nudge, **more).wait(30)
        for _ in range(200):
            if Mail.objects.get().state != Mail.State.CLAIMED or worker.poll() is not None:
                break
            server.taken.wait(0.2)
            connection.close()
    finally:
        worker.terminate()
        worker.wait(20)
    assert Mail.objects.get().state == Mail.State.UNCONFIRMED
    assert not server.letters


# Choices


def test_everybody_chooses_kind_by_kind_and_it_holds_from_then_on(
    cast: Cast, reader: Capacity, server: MailServer, as_person: Browser
) -> None:
    browser = as_person(reader)
    page = browser.get("/me/notices/").content.decode()
    assert "qi.ming@example.org" in page
    wanted = dict.fromkeys(NoticeKind.values, "digest") | {"result": "none", "progress": "at_once"}
    assert browser.post("/me/notices/", wanted).status_code == 302
    assert told(reader, kind=NoticeKind.RESULT).way == Way.NONE
    assert told(reader, kind=NoticeKind.PROGRESS).way == Way.AT_ONCE
    other = with_address(cast.officer, "an@example.org")
    assert told(other, kind=NoticeKind.RESULT).way == Way.AT_ONCE, "another's choice is their own"


@pytest.mark.parametrize("kind", NoticeKind.required)
def test_what_requires_action_can_not_be_switched_off(
    reader: Capacity, as_person: Browser, kind: NoticeKind
) -> None:
    wanted = dict.fromkeys(NoticeKind.values, "digest") | {kind: "none"}
    answer = as_person(reader).post("/me/notices/", wanted)
    assert answer.status_code == 422
    assert not Choice.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.create(user=reader.user, kind=kind, way=Way.NONE)


# The administrator's list


@pytest.fixture
def administrator(cast: Cast) -> Capacity:
    return make_capacity(Role.ADMIN, cast.bureau)


def test_the_administrator_sends_again_what_nobody_confirmed(
    cast: Cast, reader: Capacity, server: MailServer, administrator: Capacity, as_person: Browser
) -> None:
    server.cut = True
    told(reader, "不给管理员看的内容")
    mailing.run(AT)
    letter = Mail.objects.get()
    browser = as_person(administrator)
    page = browser.get("/mails/").content.decode()
    assert "未确认" in page
    assert "不给管理员看的内容" not in page
    server.cut = False
    browser.post(f"/mails/{letter.pk}/again/")
    assert Entry.objects.of(reader.user).get().label == "再次发送邮件"
    assert mailing.run(timezone.now()) == 1
    browser.post(f"/mails/{letter.pk}/again/")
    assert Mail.objects.get().state == Mail.State.SENT, "what was sent is not sent again"
    assert as_person(cast.officer).post(f"/mails/{letter.pk}/again/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_letters_costs_the_same_however_long(
    cast: Cast, reader: Capacity, administrator: Capacity, as_person: Browser, rows: int
) -> None:
    for _ in range(rows):
        Mail.objects.create(user=reader.user, made_at=AT, due_at=AT)
    browser = as_person(administrator)
    browser.get("/mails/")
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/mails/").status_code == 200
    assert len(queries) == 4
