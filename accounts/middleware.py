"""What every request carries: when it arrived, who is acting, and whether they may go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.capacity import PUBLIC, SESSION_KEY, capacities, choose
from accounts.entering import OWED, remember
from accounts.models import Outcome, Principal, User
from accounts.sign_ins import record

LAST_SEEN = "seen"
LAST_SEEN_EVERY = 60  # seconds between two writes of the same session
ALWAYS_OPEN = frozenset(
    {
        "login",
        "login-code",
        "demo_login",
        "logout",
        "password",
        "capacity",
        "healthz",
        "privacy",
        "privacy-version",
    }
)

Handler = Callable[[HttpRequest], HttpResponse]


def _has_session(request: HttpRequest) -> bool:
    """Whether a session may exist; whoever brings no cookie costs no query and no Vary header."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect of the whole page, also when only a part of it was asked for (htmx)."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


class ArrivalMiddleware:
    """``request.at``: when the request reached the server. Every rule is asked with this one time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class IdleLogout:
    """Logs out who has not been seen for ``settings.IDLE_MINUTES``, and says so on the login page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_session(request) and request.user.is_authenticated:
            at: datetime = request.at  # type: ignore[attr-defined]
            now = int(at.timestamp())
            seen = request.session.get(LAST_SEEN)
            if seen is not None and now - seen > settings.IDLE_MINUTES * 60:
                record(request, Outcome.IDLE, request.user)
                logout(request)
                query = urlencode({"idle": 1, "next": _page_of(request)})
                return _go(request, f"{reverse('login')}?{query}")
            if seen is None or now - seen >= LAST_SEEN_EVERY:
                request.session[LAST_SEEN] = now
        return self.get_response(request)


def _page_of(request: HttpRequest) -> str:
    """The page to return to after login: the one asked for, or the one a form or a part belonged to."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(page)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


class CapacityMiddleware:
    """``request.me``: the capacity one acts in, of those in ``request.held``; who holds none sees a page that says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.me = PUBLIC  # type: ignore[attr-defined]
        if _has_session(request) and request.user.is_authenticated:
            today = timezone.localdate(request.at)  # type: ignore[attr-defined]
            held = capacities(request.user, today)
            request.held = held  # type: ignore[attr-defined]
            request.me = choose(request.user, held, request.session.get(SESSION_KEY))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        me = request.me  # type: ignore[attr-defined]
        if me.user is None or me.appointment is not None or _stays_open(request):
            return None
        if Principal.objects.filter(user=me.user).exists():
            return None
        return render(request, "accounts/no_appointment.html", status=403)


class FirstPassword:
    """A first password, and one older than ``settings.PASSWORD_DAYS``, opens nothing but its own change."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        user = request.me.user  # type: ignore[attr-defined]
        if user is None or _stays_open(request) or not password_due(user, request.at):  # type: ignore[attr-defined]
            return None
        remember(request)
        return _go(request, reverse("password"))


class FirstThings:
    """What a person owes since they came in (``accounts.entering.owed``) is dealt with before anything else opens.

    It is noted in the session when it begins, so that no other request asks the database for it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if request.me.user is None or _stays_open(request):  # type: ignore[attr-defined]
            return None
        owed = request.session.get(OWED)
        if not owed or _name(request) == owed[0]:
            return None
        remember(request)
        return _go(request, reverse(owed[0]))


def password_due(user: User, at: datetime) -> bool:
    """Whether ``user`` has to change the password first: a first one, or one past its days (0: never)."""
    if user.must_change_password:
        return True
    if not settings.PASSWORD_DAYS or user.demonstration:
        return False
    return at - (user.password_changed_at or user.date_joined) > timedelta(days=settings.PASSWORD_DAYS)


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _stays_open(request: HttpRequest) -> bool:
    return _name(request) in ALWAYS_OPEN
