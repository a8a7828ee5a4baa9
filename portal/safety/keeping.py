"""Sign-in records are deleted when their time is over (等级保护 2.0: at least six months)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.capacity import CLOCK
from accounts.models import Safety, SignIn
from office.history import record

MONTH = timedelta(days=31)  # the longest, so that nothing goes too early


@transaction.atomic
def sweep(at: datetime) -> int:
    """Delete what is older than the settings say, and write down that it was done; returns how many."""
    limit = at - Safety.present().keep_months * MONTH
    count, _ = SignIn.objects.filter(at__lt=limit).delete()
    if count:
        settings, _ = Safety.objects.get_or_create(pk=1)
        facts = {"删除": f"{count} 条", "早于": f"{timezone.localdate(limit):%Y-%m-%d}"}
        record(settings, "swept", "删除到期的登录记录", CLOCK, at, facts)
    return count
