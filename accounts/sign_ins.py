"""Writing down who came in, went out or was turned away."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.models import Outcome, SignIn, User

KEPT_OF_UNKNOWN = 2  # characters


def record(request: HttpRequest, outcome: Outcome, user: User | None = None, username: str = "") -> None:
    """A record of ``user``, or of the account that ``username`` names; a name that is none is kept masked."""
    if user is None and username:
        user = User.objects.filter(username=username[:150]).first()
    SignIn.objects.create(
        at=request.at,  # type: ignore[attr-defined]
        user=user,
        username=user.username if user else f"{username[:KEPT_OF_UNKNOWN]}***",
        address=address(request),
        outcome=outcome,
    )


def address(request: HttpRequest) -> str | None:
    """Where the request came from, as the lock of failed logins sees it; None for what is no address."""
    given = import_string(settings.AXES_CLIENT_IP_CALLABLE)(request)
    try:
        return str(ip_address(given))
    except ValueError:
        return None
