"""Verifying the history behind the page: some minutes where there are millions of entries."""

from __future__ import annotations

from django.utils import timezone

from office import audit
from office.history import seal
from office.jobs import Progress, Result, job
from office.models import Entry, Job

VERIFY = "audit-verify"
WHOLE = "办理记录完整：{count} 条记录的校验链和封存逐条核对，没有改动、插入或缺失。"


@job(VERIFY)
def verify(row: Job, progress: Progress) -> Result:
    """Seal what is not sealed yet, then check every chain; the sentence is the job's message."""
    seal(timezone.now())
    count = Entry.objects.count()
    sentence = audit.verify(lambda checked: progress(min(checked, count), count + 1))
    return f"办理记录不完整：{sentence}。请立即保存现场并报告。" if sentence else WHOLE.format(count=count)
