"""Personal data that leaves the program: an entry of whoever took it, and a notice to the security auditors (等级保护 2.0)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.capacity import Capacity
from accounts.models import User
from office.history import record
from office.notices import tell_auditors


@transaction.atomic
def handed_out(what: str, me: Capacity, at: datetime, facts: dict[str, Any]) -> None:
    """``me`` takes ``what`` (校长档案) away as a file; ``facts`` say how much of it, without personal data.

    The clock takes nothing away: without a person there is nothing to write.
    """
    user = User.objects.filter(pk=me.user_id or 0).first()
    if user is not None:
        record(user, "export", f"导出{what}", me, at, facts)
        tell_auditors(f"{me.name}（{me.organisation}·{me.role_label}）导出了{what}", at)
