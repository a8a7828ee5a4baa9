"""A batch of accounts from its preview to its slips: private to whoever makes it, gone once taken or after a day."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment
from office.jobs import Impossible, Progress, Result, job
from office.models import Job
from office.paper.slips import Slip, render_slips
from office.sheets import write_sheet

from . import shelf
from .openings import Opened, Wanted, open_all

FOLDER = "openings"
OPEN = "open-accounts"
IMPORTED = "imported"  # the kind of a batch that a roster opened
TITLE = "账号通知单"
NOTE = "首次登录须修改密码。本条只交本人，请勿转交、拍照或留存。"
HEADERS = ["姓名", "学校", "身份", "网址", "用户名", "初始密码"]
GONE = "这一批已超过一天没有确认，请重新选择。"


@dataclass(frozen=True)
class Batch:
    """Whom accounts are opened for, by which appointment; ``opened`` is None until they are open."""

    kind: str
    user_id: int
    appointment_id: int
    wanted: list[Wanted] = field(default_factory=list)
    job: int | None = None
    opened: list[Opened] | None = None

    @property
    def ready(self) -> int:
        """How many accounts can be opened."""
        return sum(not one.problem for one in self.wanted)


def keep(batch: Batch, at: datetime, token: str = "") -> str:
    """Write it down, anew under ``token`` where given; returns the token."""
    return shelf.put(FOLDER, asdict(batch), at, token)


def find(token: str, me: Capacity) -> Batch | None:
    """The batch under ``token``, if ``me`` makes it under the present appointment and it is still there."""
    found = shelf.get(FOLDER, token)
    held = (me.user_id, me.appointment.pk if me.appointment else None)
    if found is None or (found["user_id"], found["appointment_id"]) != held:
        return None
    found["wanted"] = [Wanted(**one) for one in found["wanted"]]
    if found["opened"] is not None:
        found["opened"] = [Opened(**one) for one in found["opened"]]
    return Batch(**found)


def drop(token: str) -> None:
    """Remove it: its passwords are nowhere any more."""
    shelf.drop(FOLDER, token)


def open_batch(token: str, batch: Batch, me: Capacity, at: datetime, progress: Progress) -> int:
    """Open the accounts of a batch and lay its slips beside it; returns how many were opened.

    Run again after a broken end, it finds nothing missing and leaves the slips as they are.
    """

    def hand_over(opened: list[Opened]) -> None:
        keep(replace(batch, opened=opened), at, token)

    return open_all(batch.kind, batch.wanted, me, at, progress, hand_over)


@job(OPEN)
def work(row: Job, progress: Progress) -> Result:
    """Open many accounts. Argument: ``token``. The slips wait on the batch's own page, not in the job's file."""
    held = Appointment.objects.valid(timezone.localdate()).select_related("organisation__parent", "user")
    appointment = held.filter(pk=row.appointment_id or 0, user__is_active=True).first()
    if appointment is None:
        raise Impossible("发起人的任职已经结束，没有建立账号。")
    me = Capacity(appointment.user, appointment)
    batch = find(row.arguments["token"], me)
    if batch is None:
        raise Impossible(GONE)
    open_batch(row.arguments["token"], batch, me, row.created_at, progress)
    return None


def printed(opened: list[Opened]) -> bytes:
    """A slip for each person, ten to a sheet, as PDF. Raises office.paper.engine.PdfUnavailable."""
    return render_slips(TITLE, [_slip(one) for one in opened])


def _slip(one: Opened) -> Slip:
    lines = (("单位", one.school), ("身份", one.role), ("网址", settings.SITE_URL), ("用户名", one.username))
    return Slip(f"{one.name} 的登录账号", lines, ("初始密码", one.password), NOTE)


def sheet(opened: list[Opened]) -> bytes:
    """The same as an Excel sheet."""
    file = BytesIO()
    rows = [[one.name, one.school, one.role, settings.SITE_URL, one.username, one.password] for one in opened]
    write_sheet(file, TITLE, HEADERS, rows)
    return file.getvalue()
