"""The request as our middleware hands it on; for annotations."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.capacity import Capacity


class Request(HttpRequest):
    """``me`` is the capacity acted in, ``at`` the moment the request reached the server."""

    me: Capacity
    at: datetime


def safe_address(request: HttpRequest, address: str) -> str:
    """``address`` where it is one of our own pages, else an empty string."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else ""
