"""On the administrator's desk: that nobody has decided yet who needs a second factor."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Safety
from office import panels
from office.panels import Panel

from .scopes import administers


@panels.register
def undecided(me: Capacity, at: datetime) -> Panel | None:
    """Until the settings have been saved once."""
    if not administers(me) or Safety.present().chosen is not None:
        return None
    return Panel("登录安全", note="还没有决定哪些人员须使用双重验证，请选定并保存。", url=reverse("safety"))
