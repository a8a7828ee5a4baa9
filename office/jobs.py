"""Long work: rows with a lease, run by whichever worker is free, found again when a worker dies.

The broker only nudges. A worker claims a job for ``LEASE``; work that reports its progress holds on to it.
``attempts`` counts the claims and is also the claim's name: whoever lost the lease can't write any more.
"""

from __future__ import annotations

import errno
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from celery import current_app
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.capacity import Capacity
from accounts.models import Appointment
from office.models import Job, NoticeKind
from office.notices import tell

LEASE = timedelta(minutes=2)
PAUSE = timedelta(minutes=1)
TRIES = 3
REPORT_EVERY = 1.0  # seconds between two writes of the progress
# A nudge is given up so soon, and a broker that did not take one is left alone for a while (seconds).
BROKER_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
BROKER_REST = 10.0
BROKEN = "办理时出错，已重试 {tries} 次，没有完成。请重新发起；如仍不行，请把任务编号 {pk} 告诉系统管理员。"
FULL = "服务器的存储空间已满或暂时不可用，恢复后会自动继续。"
NO_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE}

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Result = tuple[str, bytes | Path] | str | None
Work = Callable[[Job, Progress], Result]

WORK: dict[str, Work] = {}

_broker_rests = 0.0  # until when the broker is left alone, as time.monotonic() counts


class Later(Exception):
    """The work can't be done at present (no Pango, no network); the message says why. It is tried again, and does not count."""


class Impossible(Exception):
    """The work can't be done at all; the message says why in a Chinese sentence. It is not tried again."""


class LostLease(Exception):
    """Another worker has taken the job over; the present one stops without a trace."""


def job(kind: str) -> Callable[[Work], Work]:
    """Register the work of a kind of job: ``(job, progress) -> None | sentence | (file name, content or path)``.

    It runs outside a transaction, may run more than once, and calls ``progress(done, total)`` at least once a
    minute. A path given as result is a temporary file and is removed.
    """

    def register(work: Work) -> Work:
        if kind in WORK:
            raise ValueError(f"job {kind} registered twice")
        WORK[kind] = work
        return work

    return register


def enqueue(kind: str, title: str, me: Capacity, at: datetime, **arguments: Any) -> Job:
    """Write a job of ``me`` (the clock: nobody's) with JSON ``arguments``; it runs after the commit."""
    row = Job.objects.create(
        kind=kind,
        title=title[:200],
        user=me.user,
        appointment=me.appointment,
        arguments=arguments,
        created_at=at,
    )
    transaction.on_commit(nudge)
    return row


def nudge() -> None:
    """Wake a worker; without a broker nothing is lost, because the schedule looks for work as well.

    Costs a request at most half a second, once in ``BROKER_REST``.
    """
    global _broker_rests
    if monotonic() < _broker_rests:
        return
    try:
        with current_app.connection_for_write(transport_options=BROKER_PATIENCE) as line:
            current_app.send_task("office.tasks.run_jobs", connection=line, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        _broker_rests = monotonic() + BROKER_REST
        log.warning("no broker, jobs wait for the schedule: %s", error)


def mine(me: Capacity, at: datetime) -> QuerySet[Job]:
    """The jobs of ``me``; those started under an appointment that has ended are closed with it."""
    held = Appointment.objects.valid(timezone.localdate(at)).filter(user=me.user)
    return Job.objects.filter(Q(appointment=None) | Q(appointment__in=held), user=me.user, user__isnull=False)


def run_due(at: datetime) -> int:
    """Run every job that is due at ``at``, one after the other; returns how many were run."""
    count = 0
    while row := _claim(at):
        _run(row, at)
        count += 1
    return count


def due(at: datetime) -> QuerySet[Job]:
    """The jobs that may be claimed: those that wait, and those whose worker has not been heard of."""
    waits = Q(state=Job.State.WAITING) & (Q(lease_until=None) | Q(lease_until__lte=at))
    return Job.objects.filter(waits | Q(state=Job.State.RUNNING, lease_until__lte=at))


@transaction.atomic
def _claim(at: datetime) -> Job | None:
    row = due(at).select_for_update(skip_locked=True).order_by("pk").first()
    if row is None:
        return None
    row.state, row.lease_until, row.message = Job.State.RUNNING, max(at, timezone.now()) + LEASE, ""
    row.attempts, row.done = row.attempts + 1, 0
    row.save(update_fields=["state", "lease_until", "message", "attempts", "done"])
    return row


def _held(row: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, attempts=row.attempts)


def _reporter(row: Job) -> Progress:
    last = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last < REPORT_EVERY and done < total:
            return
        last = monotonic()
        if not _held(row).update(done=done, total=total, lease_until=timezone.now() + LEASE):
            raise LostLease

    return progress


def _run(row: Job, at: datetime) -> None:
    if row.attempts > TRIES:
        return _finish(row, Job.State.FAILED, BROKEN.format(tries=TRIES, pk=row.pk))
    try:
        if row.kind not in WORK:
            raise Impossible("程序里已经没有这种任务，请重新发起。")
        _keep(row, WORK[row.kind](row, _reporter(row)))
    except LostLease:
        log.warning("job %s was taken over", row.pk)
    except Later as reason:
        _later(row, at, str(reason))
    except Impossible as reason:
        _finish(row, Job.State.FAILED, str(reason))
    except Exception as fault:
        log.exception("job %s (%s) failed, attempt %s", row.pk, row.kind, row.attempts)
        if isinstance(fault, OSError) and fault.errno in NO_STORAGE:
            _later(row, at, FULL)
        else:
            _again(row, at)
    return None


def _later(row: Job, at: datetime, reason: str) -> None:
    """Back to the others that wait; this time does not count."""
    _held(row).update(
        state=Job.State.WAITING,
        lease_until=max(at, timezone.now()) + PAUSE,
        attempts=F("attempts") - 1,
        message=reason[:300],
    )


def _again(row: Job, at: datetime) -> None:
    if row.attempts >= TRIES:
        _finish(row, Job.State.FAILED, BROKEN.format(tries=TRIES, pk=row.pk))
    else:
        _held(row).update(
            state=Job.State.WAITING,
            lease_until=max(at, timezone.now()) + PAUSE,
            message="办理时出错，稍后会自动重试。",
        )


def _keep(row: Job, result: Result) -> None:
    """Store the result under a random name, then say that the job is done; a sentence is the job's message."""
    if result is None or isinstance(result, str):
        return _finish(row, Job.State.DONE, result or "")
    name, content = result
    path = f"jobs/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}"
    if isinstance(content, Path):
        with content.open("rb") as file:
            default_storage.save(path, File(file))
        content.unlink()
    else:
        default_storage.save(path, ContentFile(content))
    return _finish(row, Job.State.DONE, file=path, file_name=name[:200])


@transaction.atomic
def _finish(row: Job, state: Job.State, message: str = "", *, file: str = "", file_name: str = "") -> None:
    """The end, once: only whoever holds the claim writes it, and the notice with it."""
    at = timezone.now()
    end: dict[str, Any] = {"state": state, "message": message[:300], "lease_until": None, "finished_at": at}
    if state == Job.State.DONE:
        end |= {"done": F("total"), "file": file, "file_name": file_name}
    if not _held(row).update(**end):
        if file:
            with suppress(OSError):
                default_storage.delete(file)
    elif row.user_id:
        told = "已完成" if state == Job.State.DONE else "没有完成"
        told += f"。{message}" if message else ""
        url = reverse("job", args=[row.pk])
        tell([row.user_id], f"{row.title}：{told}", at, kind=NoticeKind.TASK, url=url)
