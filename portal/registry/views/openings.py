"""Accounts in bulk in the browser: whom for, which and how many, open them, take the slips once."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from office.jobs import enqueue, mine
from office.models import Job
from office.paper.engine import PdfUnavailable
from office.requests import Request
from office.sensitive import handed_out
from office.sheets import BadSheet, Column, download, read_table
from office.views.jobs import MEDIA_TYPES
from office.views.jobs import shown as job_shown
from portal.registry import slips as storage
from portal.registry.openings import (
    OFFICERS,
    PRINCIPALS,
    Named,
    Wanted,
    contacts,
    wanted_officers,
    wanted_principals,
    without_account,
    without_officer,
)
from portal.registry.scopes import keeps_principals, keeps_some
from portal.registry.slips import OPEN, Batch
from portal.registry.work import WRITE

from .base import opened_to
from .principals import PrincipalList

AT_ONCE = 50  # accounts; hashing more passwords than that is left to the worker
AT_MOST = 500
COLUMNS = (
    Column("学校", ("学校名称", "学校（园）名称", "单位", "单位名称"), required=True),
    Column("姓名", ("经办人", "联系人", "教师姓名"), required=True),
)
WORDS = {PRINCIPALS: "校长", OFFICERS: "学校经办人", storage.IMPORTED: "名单中人员"}
SHOWN = 50


@require_safe
@opened_to(keeps_some)
def index(request: Request) -> HttpResponse:
    """What is missing, where each way begins, and the batches whose slips may still be taken."""
    return _index(request)


def _index(request: Request, error: str = "") -> HttpResponse:
    me, today = request.me, timezone.localdate(request.at)
    context = {
        "principals": without_account(me).filter(head=True).count(),
        "schools": without_officer(me, today).count(),
        "contacts": len(contacts(me, today)),
        "running": _running(request),
        "error": error,
        "chooses": keeps_principals(me),
        "at_most": AT_MOST,
    }
    return render(request, "registry/accounts.html", context, status=422 if error else 200)


def _running(request: Request) -> list[dict[str, Any]]:
    """The batches left to the worker that are still there."""
    jobs = mine(request.me, request.at).filter(kind__in=[OPEN, WRITE])[:20]
    tokens = [(job, job.arguments.get("slips" if job.kind == WRITE else "token", "")) for job in jobs]
    return [
        {"job": job, "url": reverse("registry:accounts_batch", args=[token])}
        for job, token in tokens
        if storage.find(token, request.me)
    ]


@require_POST
@opened_to(keeps_some)
def for_principals(request: Request) -> HttpResponse:
    """A batch of the principals chosen on the list (``pk``), or of all that its filters (``query``) leave."""
    missing = without_account(request.me)
    if "query" in request.POST:
        query = QueryDict(request.POST["query"])
        found, _ = PrincipalList().filtered(request.me, request.at, query)
        rows = missing.filter(pk__in=found.order_by().values("pk"), head=True)
    elif "all" in request.POST:
        rows = missing.filter(head=True)
    else:
        rows = missing.filter(pk__in=[int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()])
    return _begin(request, PRINCIPALS, wanted_principals(rows, timezone.localdate(request.at)))


@require_POST
@opened_to(keeps_some)
def for_officers(request: Request) -> HttpResponse:
    """A batch of school officers: from an Excel sheet (``file``), else from the schools' contacts."""
    today = timezone.localdate(request.at)
    if "contacts" in request.POST:
        return _begin(request, OFFICERS, wanted_officers(request.me, contacts(request.me, today), today))
    try:
        named = _read(request)
    except BadSheet as refusal:
        return _index(request, str(refusal))
    return _begin(request, OFFICERS, wanted_officers(request.me, named, today))


def _read(request: Request) -> list[Named]:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        raise BadSheet("没有收到文件，请重新选择。")
    table = read_table(cast(BinaryIO, file.file), COLUMNS)
    return [(row["学校"], row["姓名"]) for row in table.rows]


def _begin(request: Request, kind: str, wanted: list[Wanted]) -> HttpResponse:
    """Keep the batch and go to its preview; what is beyond one batch waits for the next."""
    if not wanted:
        messages.info(request, "没有需要建立的账号：所选的都已有账号，或者不由您管理。")
        return redirect("registry:accounts")
    if len(wanted) > AT_MOST:
        messages.info(request, f"一批最多 {AT_MOST} 人，其余的请在这一批完成后再建立。")
    appointment = request.me.appointment
    assert request.me.user_id
    assert appointment
    ready_first = sorted(wanted, key=lambda one: bool(one.problem))
    kept = Batch(kind, request.me.user_id, appointment.pk, ready_first[:AT_MOST])
    return redirect("registry:accounts_batch", storage.keep(kept, request.at))


def _found(request: Request, token: str) -> Batch:
    kept = storage.find(token, request.me)
    if kept is None:
        raise Http404("这一批账号不存在，通知单已经取走，或者已超过一天。")
    return kept


@require_safe
@opened_to(keeps_some)
def batch(request: Request, token: str) -> HttpResponse:
    """The batch: before it is opened which and how many, then how far it is, then the slips to be taken once."""
    kept = _found(request, token)
    job = Job.objects.filter(pk=kept.job).first() if kept.job else None
    stage = "opened" if kept.opened is not None else "running" if job else "preview"
    context = {
        "stage": stage,
        "token": token,
        "words": WORDS[kept.kind],
        "ready": kept.ready,
        "refused": len(kept.wanted) - kept.ready,
        "opened": len(kept.opened or []),
        "job": job_shown(job) if job else None,
        "page_obj": Paginator(kept.wanted, SHOWN).get_page(request.GET.get("page")),
        "behind": kept.ready > AT_ONCE,
    }
    response = render(request, "registry/accounts_batch.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@opened_to(keeps_some)
def confirm(request: Request, token: str) -> HttpResponse:
    """Open the accounts, many by the worker; a second press opens nothing anew."""
    kept = _found(request, token)
    if kept.opened is not None or kept.job is not None:
        return redirect("registry:accounts_batch", token)
    if kept.ready > AT_ONCE:
        with transaction.atomic():
            title = f"批量建立账号：{WORDS[kept.kind]} {kept.ready} 人（完成后到“批量建立账号”取通知单）"
            row = enqueue(OPEN, title, request.me, request.at, token=token)
            storage.keep(replace(kept, job=row.pk), request.at, token)
        return redirect("registry:accounts_batch", token)
    try:
        count = storage.open_batch(token, kept, request.me, request.at, lambda done, total: None)
    except IntegrityError:
        messages.warning(request, "刚才有人同时在建立账号，这一批没有建立。请再确认一次。")
        return redirect("registry:accounts_batch", token)
    if not count:
        messages.info(request, "没有建立新的账号：这些人已由他人建立账号，或者不再由您管理。")
        return redirect("registry:accounts")
    messages.success(request, f"已建立 {count} 个账号。")
    return redirect("registry:accounts_batch", token)


@require_POST
@opened_to(keeps_some)
def slips(request: Request, token: str) -> HttpResponse | FileResponse:
    """The slips as ``format`` pdf or xlsx, once: with the answer they are gone from the server."""
    kept = _found(request, token)
    if kept.opened is None:
        raise Http404("账号还没有建立。")
    ending = "xlsx" if request.POST.get("format") == "xlsx" else "pdf"
    try:
        content = (storage.sheet if ending == "xlsx" else storage.printed)(kept.opened)
    except PdfUnavailable as reason:
        messages.warning(request, f"{reason}通知单没有取走，可以改为下载 Excel。")
        return redirect("registry:accounts_batch", token)
    storage.drop(token)
    handed_out(storage.TITLE, request.me, request.at, {"份数": len(kept.opened)})
    name = f"{storage.TITLE}{timezone.localdate(request.at):%Y%m%d}.{ending}"
    kind = MEDIA_TYPES[f".{ending}"]
    response = FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@opened_to(keeps_some)
def template(request: Request) -> FileResponse:
    """An empty sheet of school officers with the right heading."""
    return download("学校经办人名单模板", "经办人", [column.name for column in COLUMNS], [])
