"""Rosters in the browser: drop the file as it is, see what would become of each row, confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import mask_identity, mask_phone
from office.jobs import enqueue, mine
from office.requests import Request
from office.sheets import BadSheet, compact, download, read_table
from office.views.jobs import shown as job_shown
from portal.registry import kept as storage
from portal.registry.kept import Kept
from portal.registry.roster import CHANGED, NEW, OPENED, REFUSED, SAME, Differs, Line
from portal.registry.rosters import ROSTERS
from portal.registry.shelf import new_token
from portal.registry.work import PREVIEW, WRITE, refused_rows

from .base import opened_to

MASKED = {"身份证号": mask_identity, "手机号": mask_phone}
AT_ONCE = 2_000  # rows; longer rosters are left to the worker
ACCOUNTS_AT_ONCE = 50  # accounts; hashing more first passwords than that is left to the worker
UNDERSTOOD = (
    "标题行、空行、合并单元格、表尾的注和填表人都能自动处理，表头在第几行都可以。",
    "旗县区简称（克旗、翁旗、红山 等）、全角数字和字母、多余的空格。",
    "日期写法：1974.7、196711、1977-08-05、1982/9/17、1970年9月，以及 Excel 日期。",
    "是否：是、否、√、Y、有、无，空白为否。",
)

View = Callable[..., HttpResponseBase]


def _of_kind(view: View) -> View:
    """For whoever imports rosters of the ``kind`` in the address; 404 for a kind there is none of."""

    @wraps(view)
    def guarded(request: Request, kind: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kind not in ROSTERS:
            raise Http404("没有这种导入。")
        return opened_to(ROSTERS[kind].open_to)(view)(request, kind, *args, **kwargs)

    return guarded


def _frame(kind: str, target: int | None = None) -> dict[str, Any]:
    resource = ROSTERS[kind]
    *above, (label, _) = resource.crumbs
    return {
        "import_title": resource.heading,
        "import_crumbs": [
            *({"label": over, "url": reverse(name)} for over, name in above),
            {"label": label, "url": resource.back(target)},
        ],
        "template_url": reverse("registry:roster_template", args=[kind]),
    }


def _upload_address(kind: str, target: int | None) -> str:
    address = reverse("registry:roster", args=[kind])
    return f"{address}?target={target}" if target is not None else address


@_of_kind
def roster(request: Request, kind: str) -> HttpResponse:
    """Take the file, read it, keep its rows and go to the preview."""
    resource, error = ROSTERS[kind], ""
    target, words = resource.aim(request.me, request.GET.get("target", ""), request.at)
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None or file.file is None:
                raise BadSheet("没有收到文件，请重新选择。")
            table = read_table(cast(BinaryIO, file.file), resource.columns)
        except BadSheet as refusal:
            error = str(refusal)
        else:
            kept = Kept(kind, cast(int, request.me.user_id), (file.name or "")[:100], table, target=target)
            return redirect("registry:roster_preview", kind, _begin(request, kept))
    upload = {
        "url": _upload_address(kind, target),
        "label": "表格（.xlsx）",
        "accept": ".xlsx",
        "kinds": "Excel（.xlsx）",
        "max_words": "20 MB",
    }
    understood = [*resource.understood, *UNDERSTOOD]
    context = {
        "stage": "upload",
        "upload": upload,
        "understood": understood,
        "error": error,
        "subtitle": words,
    }
    page = _frame(kind, target) | context
    return render(request, "patterns/import.html", page, status=422 if error else 200)


def _begin(request: Request, kept: Kept) -> str:
    """Preview the rows, or have them previewed when they are many; returns the token."""
    if len(kept.table.rows) <= AT_ONCE:
        outcome = ROSTERS[kept.kind](request.me, request.at, target=kept.target).preview(kept.table.dataset())
        return storage.keep(replace(kept, outcome=outcome), request.at)
    token = storage.keep(kept, request.at)
    return _hand_over(request, kept, token, PREVIEW, f"预览：{ROSTERS[kept.kind].heading}")


def _hand_over(request: Request, kept: Kept, token: str, work: str, title: str, **more: str) -> str:
    """Leave the rows to the worker; the preview page shows how far it is."""
    with transaction.atomic():
        row = enqueue(work, title, request.me, request.at, roster=kept.kind, token=token, **more)
        storage.keep(replace(kept, job=row.pk), request.at, token)
    return token


def _kept(request: Request, kind: str, token: str) -> Kept:
    kept = storage.find(token, kind, request.me.user_id)
    if kept is None:
        raise Http404
    return kept


def _narrowing(only: str, kept: Kept) -> dict[str, str]:
    """The way from all rows to the refused ones alone, and back."""
    if only:
        return {"narrow_url": "?", "narrow_label": "看全部行"}
    refused = kept.outcome.count(REFUSED) if kept.outcome else 0
    return {"narrow_url": f"?only={REFUSED}", "narrow_label": "只看拒绝的行"} if refused else {}


@require_safe
@_of_kind
def roster_preview(request: Request, kind: str, token: str) -> HttpResponse:
    """What would become of each row, fifty to a page; ``only`` narrows to one outcome."""
    kept = _kept(request, kind, token)
    if kept.outcome is None:
        job = get_object_or_404(mine(request.me, request.at), pk=kept.job)
        waiting: dict[str, Any] = {
            "stage": "running",
            "job": job_shown(job),
            "subtitle": "完成后刷新本页，查看逐行预览。",
        }
        return render(request, "patterns/import.html", _frame(kind, kept.target) | waiting)
    only = request.GET.get("only", "")
    lines = [line for line in kept.outcome.lines if only in ("", line.outcome)]
    page = Paginator(lines, 50).get_page(request.GET.get("page"))
    rows = kept.table.by_number()
    written = kept.outcome.count(NEW, CHANGED)
    writes = kept.outcome.writes(whole=ROSTERS[kind].whole)
    context: dict[str, Any] = {
        "stage": "preview",
        "file_name": kept.file_name,
        "sheet_note": f"共 {len(kept.outcome.lines)} 行。{'确认之前不写入任何数据。' if writes else '没有需要写入的行。'}",
        "counts": {name: kept.outcome.count(name) for name in (NEW, CHANGED, SAME, REFUSED)},
        "columns": kept.table.columns,
        "page_obj": page,
        "rows": [_shown(line, rows[line.row], kept.table.columns) for line in page],
        **_narrowing(only, kept),
        "confirm_url": reverse("registry:roster_confirm", args=[kind, token]) if writes else None,
        "confirm_text": f"将写入 {written} 行，其余不变。",
        "remarks": kept.outcome.remarks,
        "cancel_url": _upload_address(kind, kept.target),
        "refused_url": reverse("registry:roster_refused", args=[kind, token])
        if kept.outcome.refused
        else None,
    }
    return render(request, "patterns/import.html", _frame(kind, kept.target) | context)


def _shown(line: Line, row: dict[str, str], columns: list[str]) -> dict[str, Any]:
    """A row of the preview: its cells, for a changed one with what stood there before."""
    changes = {label: (old, new) for label, old, new in line.changes}
    cells: list[dict[str, str | None]] = []
    for name in columns:
        if name in changes:
            old, new = changes[name]
            cells.append({"value": new, "was": old})
        else:
            text = MASKED[name](compact(row[name])) if name in MASKED else row[name]
            cells.append({"value": text, "was": None})
    return {
        "number": line.row,
        "mark": line.outcome,
        "cells": cells,
        "reasons": line.reasons,
        "notes": line.notes,
    }


@require_POST
@_of_kind
def roster_confirm(request: Request, kind: str, token: str) -> HttpResponse:
    """Check the rows again and write them; when something changed meanwhile, show the new preview instead."""
    kept = _kept(request, kind, token)
    if kept.outcome is None:
        return redirect("registry:roster_preview", kind, token)
    resource, slips = ROSTERS[kind], new_token()
    if len(kept.table.rows) > AT_ONCE or _accounts(kept) > ACCOUNTS_AT_ONCE:
        if not mine(request.me, request.at).filter(pk=kept.job or 0, kind=WRITE).exists():
            _hand_over(request, kept, token, WRITE, resource.heading, slips=slips)
        messages.info(request, "行数较多，正在后台写入，完成后会收到消息。")
        return redirect("jobs")
    writing = resource(request.me, request.at, target=kept.target, slips=slips)
    try:
        outcome = writing.commit(kept.table.dataset(), kept.outcome)
    except (Differs, IntegrityError):
        messages.warning(request, "预览之后名录有变动，没有写入。请核对新的预览再确认。")
        return redirect(_preview_anew(request, kept, token))
    counts = f"新增 {outcome.count(NEW)} 行，变更 {outcome.count(CHANGED)} 行"
    messages.success(request, f"已导入：{counts}，拒绝 {len(outcome.refused)} 行。")
    if outcome.refused:
        done = _preview_anew(request, kept, token)
    else:
        storage.drop(token)
        done = resource.back(kept.target)
    return redirect(reverse("registry:accounts_batch", args=[slips]) if writing.opened else done)


def _preview_anew(request: Request, kept: Kept, token: str) -> str:
    """Work the preview out again; the address of its page."""
    resource = ROSTERS[kept.kind](request.me, request.at, target=kept.target)
    storage.keep(replace(kept, outcome=resource.preview(kept.table.dataset())), request.at, token)
    return reverse("registry:roster_preview", args=[kept.kind, token])


def _accounts(kept: Kept) -> int:
    """How many accounts its confirmation opens."""
    return sum(OPENED in line.notes for line in kept.outcome.lines) if kept.outcome else 0


@require_safe
@_of_kind
def roster_refused(request: Request, kind: str, token: str) -> FileResponse:
    """The refused rows as they were, each with its reasons, to be mended and given again."""
    headers, cells = refused_rows(_kept(request, kind, token))
    return download(f"{ROSTERS[kind].heading}-未导入的行", "未导入的行", headers, cells)


@require_safe
@_of_kind
def roster_template(request: Request, kind: str) -> FileResponse:
    """A sheet with the right heading and, where the kind has them, rows that show how it is filled."""
    resource = ROSTERS[kind]
    headers = [column.name for column in resource.columns]
    return download(f"{resource.heading.removeprefix('导入')}模板", "模板", headers, resource.examples)
