"""Notices by e-mail: gathered into one letter a person, claimed, sent, and never sent twice by itself.

A letter is claimed in a transaction of its own before the mail server is spoken to. Whoever dies after that leaves
it claimed; when the lease has run out it is UNCONFIRMED, because nobody knows whether it went. What the server
refused, or what never reached it, is tried again after growing pauses.
"""

from __future__ import annotations

import logging
import smtplib
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from office.models import Mail, Notice, Way

LEASE = timedelta(minutes=2)
# Before the second, third, … try.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
PERMANENT = 500  # replies of a mail server from here on are final
SUBJECT = 60  # characters of a notice in the subject
LISTED = 50  # notices in one letter

log = logging.getLogger(__name__)


class NotSent(Exception):
    """The letter certainly did not go. ``final``: trying again would change nothing."""

    def __init__(self, problem: str, *, final: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.final = problem, final


class Doubtful(Exception):
    """The connection broke while the letter was handed over: nobody knows whether it went."""


def digest_moment(at: datetime) -> datetime:
    """The last moment not after ``at`` at which the digests of a day are made up."""
    here = timezone.localtime(at)
    today = timezone.make_aware(datetime.combine(here.date(), time(settings.DIGEST_HOUR)))
    return today if today <= at else today - timedelta(days=1)


def run(at: datetime) -> int:
    """Gather, send what is due, name what is doubtful; returns how many letters were sent."""
    if not settings.MAIL:
        return 0
    doubt(at)
    gather(at)
    sent = 0
    while row := _claim(at):
        sent += _send(row, at)
    return sent


# What a letter is about


def gather(at: datetime) -> int:
    """Make up the letters that ``at`` asks for: what is to go at once, and the digest of the day; returns how many."""
    made = 0
    for way in (Way.AT_ONCE, Way.DIGEST):
        people = _unsent(way, at).order_by("user").values_list("user", flat=True).distinct()
        for user in list(people):
            made += _make(user, way, at)
    return made


def _unsent(way: Way, at: datetime) -> QuerySet[Notice]:
    """What somebody wants in this way, is not in a letter yet and was not read meanwhile."""
    rows = Notice.objects.filter(way=way, mail=None, read_at=None, user__is_active=True)
    if way == Way.DIGEST:
        today = Mail.objects.filter(user=OuterRef("user"), digest_on=_day(at))
        rows = rows.filter(~Exists(today), at__lt=digest_moment(at))
    return rows.exclude(user__email="")


def _day(at: datetime) -> date:
    return timezone.localtime(digest_moment(at)).date()


@transaction.atomic
def _make(user: int, way: Way, at: datetime) -> bool:
    rows = _unsent(way, at).filter(user=user).select_for_update(of=("self",), skip_locked=True, no_key=True)
    if not (pks := [row.pk for row in rows]):
        return False
    given = {"made_at": at, "due_at": at}
    if way == Way.DIGEST:
        # Whoever makes it up at the same time has made it.
        letter, made = Mail.objects.get_or_create(user_id=user, digest_on=_day(at), defaults=given)
    else:
        letter, made = Mail.objects.create(user_id=user, **given), True
    if made:
        Notice.objects.filter(pk__in=pks).update(mail=letter)
    return made


# Sending


def doubt(at: datetime) -> int:
    """Mark what was claimed and never heard of again; returns how many."""
    lost = Mail.objects.filter(state=Mail.State.CLAIMED, lease_until__lte=at)
    return lost.update(state=Mail.State.UNCONFIRMED, ended_at=at, lease_until=None, problem="发送程序中断")


@transaction.atomic
def _claim(at: datetime) -> Mail | None:
    waiting = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=at)
    row = waiting.select_for_update(of=("self",), skip_locked=True).order_by("due_at", "pk").first()
    if row is None:
        return None
    row.state, row.attempts, row.problem = Mail.State.CLAIMED, row.attempts + 1, ""
    row.lease_until = max(at, timezone.now()) + LEASE
    row.save(update_fields=["state", "attempts", "lease_until", "problem"])
    return row


def _send(row: Mail, at: datetime) -> bool:
    """Send a letter that was claimed; whether it went. What is known is written even after the lease has run out."""
    try:
        _hand_over(row)
    except NotSent as refusal:
        _not_sent(row, refusal, at)
    except Doubtful as doubt:
        log.warning("letter %s: connection lost while it was handed over: %s", row.pk, doubt.__cause__)
        _end(row, Mail.State.UNCONFIRMED, "邮件服务器在接收时中断")
    else:
        _end(row, Mail.State.SENT)
        return True
    return False


def _not_sent(row: Mail, refusal: NotSent, at: datetime) -> None:
    log.warning("letter %s, try %s: %s", row.pk, row.attempts, refusal.__cause__ or refusal)
    if refusal.final or row.attempts > len(PAUSES):
        return _end(row, Mail.State.FAILED, refusal.problem)
    again = max(at, timezone.now()) + PAUSES[row.attempts - 1]
    _held(row).update(state=Mail.State.WAITING, due_at=again, lease_until=None, problem=refusal.problem)
    return None


def _end(row: Mail, state: Mail.State, problem: str = "") -> None:
    _held(row).update(state=state, ended_at=timezone.now(), lease_until=None, problem=problem)


def _held(row: Mail) -> QuerySet[Mail]:
    open_ = (Mail.State.CLAIMED, Mail.State.UNCONFIRMED)
    return Mail.objects.filter(pk=row.pk, attempts=row.attempts, state__in=open_)


def _hand_over(row: Mail) -> None:
    """Speak to the mail server; raises NotSent or Doubtful."""
    letter = _write(row)
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent("连不上邮件服务器") from error
    try:
        server.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as error:
        code = max((reply[0] for reply in error.recipients.values()), default=0)
        raise NotSent("收件地址被拒绝", final=code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent("邮件服务器没有接受", final=error.smtp_code >= PERMANENT) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Doubtful from error
    finally:
        _close(server)


def _close(server: BaseEmailBackend) -> None:
    """What the server says to the farewell changes nothing about the letter."""
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def _write(row: Mail) -> EmailMessage:
    user = User.objects.get(pk=row.user_id)
    if not (user.email and user.is_active):
        raise NotSent("收件人没有邮箱或账号已停用", final=True)
    notices = list(row.notices.order_by("at", "pk")[: LISTED + 1])
    more = row.notices.count() - LISTED if len(notices) > LISTED else 0
    context = {
        "name": user.name,
        "notices": notices[:LISTED],
        "more": more,
        "digest_on": row.digest_on,
        "site": settings.SITE_URL,
    }
    body = render_to_string("office/mail.txt", context)
    return EmailMessage(
        _subject(row, notices), body, to=[user.email], headers={"Auto-Submitted": "auto-generated"}
    )


def _subject(row: Mail, notices: list[Notice]) -> str:
    if row.digest_on:
        return (
            f"【每日汇总】{len(notices)} 条消息"
            if len(notices) <= LISTED
            else "【每日汇总】消息较多，请登录查看"
        )
    first = notices[0]
    words = " ".join(first.text.split())
    words = words if len(words) <= SUBJECT else f"{words[:SUBJECT]}…"
    rest = f"（等 {len(notices)} 条）" if len(notices) > 1 else ""
    return f"【{first.get_kind_display()}】{words}{rest}"


# By hand


def again(row: Mail, at: datetime) -> bool:
    """Send once more what failed or is unconfirmed, because somebody decided so; whether it was one of these."""
    ended = (Mail.State.FAILED, Mail.State.UNCONFIRMED)
    rows = Mail.objects.filter(pk=row.pk, state__in=ended)
    return bool(rows.update(state=Mail.State.WAITING, due_at=at, ended_at=None, problem=""))
