"""Coming in: who has given the password waits for the second factor, who is in may first owe something."""

from __future__ import annotations

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from accounts import consent, second_factor
from accounts.models import Outcome, User
from accounts.sign_ins import record

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "second_factor"  # in the session of who has given the right password and not yet the code
OWED = "owed"  # in the session: names of the pages that come before everything else
GOING = "going"  # in the session: the page asked for when something else came first
WAIT = 300  # seconds for the code


def come_in(request: HttpRequest, user: User, outcome: Outcome = Outcome.IN) -> None:
    """Log ``user`` in, write it down, and note what comes before everything else."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    record(request, outcome, user)
    if owes := owed(user, request.at):  # type: ignore[attr-defined]
        request.session[OWED] = owes


def owed(user: User, at: datetime) -> list[str]:
    """The pages a person has to deal with first, in their order."""
    pages = []
    notice = consent.current()
    if notice and not consent.has_agreed(user, notice):
        pages.append("consent")
    if second_factor.needed(user, at) and second_factor.device_of(user.pk) is None:
        pages.append("second-factor-new")
    return pages


def settle(request: HttpRequest, page: str) -> None:
    """``page`` is dealt with."""
    request.session[OWED] = [name for name in request.session.get(OWED, []) if name != page]


def remember(request: HttpRequest) -> None:
    """Keep the first page asked for while something else comes first."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        request.session.setdefault(GOING, request.get_full_path())


def onward(request: HttpRequest) -> str:
    """Where somebody goes who has dealt with what came first: on to what was asked for, else to the start."""
    return str(request.session.pop(GOING, settings.LOGIN_REDIRECT_URL))


def hold(request: HttpRequest, user: User, address: str) -> None:
    """The password was right: the session, with a new key, waits for the code; nobody is logged in yet."""
    request.session.flush()
    at: datetime = request.at  # type: ignore[attr-defined]
    request.session[PENDING] = {"user": user.pk, "at": int(at.timestamp()), "next": address}


def held(request: HttpRequest) -> tuple[User, str] | None:
    """Who waits for the code, and where they were going; None when nobody does, or for too long."""
    waiting = request.session.get(PENDING)
    at: datetime = request.at  # type: ignore[attr-defined]
    if not waiting or at.timestamp() - waiting["at"] > WAIT:
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    return (user, waiting["next"]) if user else None


def allowed(request: HttpRequest, user: User) -> bool:
    """Whether this account is not locked for where the request comes from."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": user.username}))


def is_locked(request: HttpRequest) -> bool:
    """Whether django-axes turned this request away; ``accounts.views.locked`` answers it."""
    return bool(getattr(request, "axes_locked_out", False))


def failed(request: HttpRequest, user: User, outcome: Outcome) -> None:
    """Count a wrong code like a wrong password, and write it down unless it locked the account."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)
    if not is_locked(request):
        record(request, outcome, user)


def prove(request: HttpRequest, user: User) -> str:
    """Ask again who is there: ``password`` of the form, and ``code`` of whoever has a second factor.

    Returns why it is refused, or an empty string. Wrong ones count as failed logins; the one that locks the
    account logs out as well.
    """
    password, code = request.POST.get("password", ""), request.POST.get("code", "")
    second = second_factor.device_of(user.pk) is not None
    if not password or (second and not code):
        return "请输入登录密码和动态验证码" if second else "请输入登录密码"
    if authenticate(request, username=user.username, password=password) is None:
        if is_locked(request):
            logout(request)
        else:
            record(request, Outcome.PROOF, user)
        return "登录密码不正确"
    if second and not second_factor.check(user.pk, code, request.at):  # type: ignore[attr-defined]
        failed(request, user, Outcome.CODE)
        if is_locked(request):
            logout(request)
        return "动态验证码不正确或已经用过，请等下一个"
    return ""
