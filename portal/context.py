"""What the frame of every page shows; asked of the database only when a page draws it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.capacity import PUBLIC, Capacity
from portal.menu import address, menu


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context of templates/base.html; of the public pages only whether this is a demonstration."""
    me: Capacity = getattr(request, "me", PUBLIC)
    if me.user is None:
        return {"demo": settings.DEMO}
    return {
        "me": me,
        "capacities": _others(me, getattr(request, "held", [])),
        "menu": SimpleLazyObject(lambda: menu(me, request.path)),
        "notices_url": address("notices"),
        "unread_url": address("notices-unread"),
        "demo": settings.DEMO,
    }


def _others(me: Capacity, held: list[Capacity]) -> list[dict[str, Any]]:
    """The other capacities the person may act in today."""
    return [
        {"pk": other.appointment.pk, "role_label": other.role_label, "organisation": other.organisation}
        for other in held
        if other.appointment and other.appointment != me.appointment
    ]
