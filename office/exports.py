"""Sheets of long lists, written behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.capacity import Capacity
from accounts.models import Appointment
from office.jobs import Impossible, Progress, Result, job
from office.models import Job
from office.sheets import write_sheet

if TYPE_CHECKING:
    from office.lists import RowList

EXPORT = "export"
REPORT_EVERY = 500


@job(EXPORT)
def export(row: Job, progress: Progress) -> Result:
    """Write the sheet that a list's export asked for, seen with the eyes of whoever asked.

    Arguments: ``view`` (dotted path of the list), ``query`` (its address), ``name`` (of the file).
    """
    held = Appointment.objects.valid(timezone.localdate())
    if row.appointment_id is None or not held.filter(pk=row.appointment_id).exists():
        raise Impossible("发起导出的任职已经结束，没有导出。")
    view: RowList = import_string(row.arguments["view"])()
    me, query = Capacity(row.user, row.appointment), QueryDict(row.arguments["query"])
    total = view.filtered(me, row.created_at, query)[0].count()

    def reported() -> Iterator[list[Any]]:
        for done, cells in enumerate(view.sheet(me, row.created_at, query), 1):
            yield cells
            if done % REPORT_EVERY == 0:
                progress(done, total)

    progress(0, total)
    with NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        write_sheet(file, view.title, view.headers, reported())
    progress(total, total)
    return f"{row.arguments['name']}.xlsx", Path(file.name)
