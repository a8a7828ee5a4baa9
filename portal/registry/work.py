"""Long rosters: previewed and written by the worker."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment
from office.jobs import Impossible, Progress, Result, job
from office.models import Job
from office.sheets import write_sheet

from . import kept as storage
from .kept import Kept
from .roster import Differs, RosterResource
from .rosters import ROSTERS

PREVIEW, WRITE = "roster-preview", "roster-write"
REASON = "未导入原因"
GONE = "名册已超过一天没有确认，请重新上传。"
CHANGED_MEANWHILE = "预览之后名录有变动，没有写入。请重新上传、核对后再确认。"


def refused_rows(kept: Kept) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of the refused rows as they were given, each with its reasons."""
    rows = kept.table.by_number()
    headers = [*kept.table.columns, REASON]
    lines = kept.outcome.refused if kept.outcome else []
    cells = [
        [*(rows[line.row][name] for name in kept.table.columns), "；".join(line.reasons)] for line in lines
    ]
    return headers, cells


def _open(row: Job) -> Kept:
    found = storage.find(row.arguments["token"], row.arguments["roster"], row.user_id)
    if found is None:
        raise Impossible(GONE)
    return found


def _resource(row: Job, kept: Kept, progress: Progress) -> RosterResource:
    held = Appointment.objects.valid(timezone.localdate()).filter(pk=row.appointment_id or 0)
    if not held.exists():
        raise Impossible("发起导入的任职已经结束，没有导入。")
    me, slips = Capacity(row.user, row.appointment), row.arguments.get("slips", "")
    return ROSTERS[kept.kind](me, row.created_at, progress, target=kept.target, slips=slips)


@job(PREVIEW)
def preview(row: Job, progress: Progress) -> Result:
    """Work out what would become of each row; the preview page shows it. Arguments: ``roster``, ``token``."""
    kept = _open(row)
    outcome = _resource(row, kept, progress).preview(kept.table.dataset())
    storage.keep(replace(kept, outcome=outcome), row.created_at, row.arguments["token"])
    return None


@job(WRITE)
def write(row: Job, progress: Progress) -> Result:
    """Write what was previewed; run again after a broken end, it finds nothing left to write.

    Returns the refused rows as a sheet, where there are any.
    """
    kept = _open(row)
    dataset = kept.table.dataset()
    if _resource(row, kept, progress).preview(dataset).writes(whole=ROSTERS[kept.kind].whole):
        try:
            _resource(row, kept, progress).commit(dataset, kept.outcome)
        except Differs as error:
            raise Impossible(CHANGED_MEANWHILE) from error
    headers, cells = refused_rows(kept)
    storage.drop(row.arguments["token"])
    if not cells:
        return None
    file = BytesIO()
    write_sheet(file, "未导入的行", headers, cells)
    return "未导入的行.xlsx", file.getvalue()
