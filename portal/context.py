"""What the frame of every page shows; asked of the database only when a page draws it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import second_factor
from accounts.capacity import PUBLIC, Capacity
from accounts.passwords import DEMONSTRATION
from portal.menu import address, menu
from portal.public import site


def chrome(request: HttpRequest) -> dict[str, Any]:
    """``frame`` is the template that pages open to both extend; the rest is the context of templates/public/base.html and, for whoever is logged in, of templates/base.html."""
    me: Capacity = getattr(request, "me", PUBLIC)
    public = {
        "programme_name": SimpleLazyObject(lambda: site.names()["programme"]),
        "owner_name": SimpleLazyObject(lambda: site.names()["owner"]),
        "public_menu": SimpleLazyObject(lambda: site.menu(request.path)),
        "demo": settings.DEMO,
        "frame": "public/base.html" if me.user is None else "base.html",
    }
    if me.user is None:
        return public
    return public | {
        "me": me,
        "capacities": _others(me, getattr(request, "held", [])),
        "menu": SimpleLazyObject(lambda: menu(me, request.path)),
        "notices_url": address("notices"),
        "unread_url": address("notices-unread"),
        # what components/proof.html asks of whoever takes a step that can't be undone
        "second_factor": SimpleLazyObject(lambda: second_factor.device_of(me.user_id)),
        "demo_password": DEMONSTRATION,
    }


def _others(me: Capacity, held: list[Capacity]) -> list[dict[str, Any]]:
    """The other capacities the person may act in today."""
    return [
        {
            "pk": other.appointment.pk,
            "role_label": other.role_label,
            "organisation": other.organisation,
            "away": other.away,
        }
        for other in held
        if other.appointment and other.appointment != me.appointment
    ]
