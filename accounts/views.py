"""Coming in, going out, changing the password, choosing the capacity."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.capacity import SESSION_KEY
from accounts.forms import ChangePasswordForm, LoginForm, lock_minutes
from accounts.middleware import password_due
from accounts.models import Appointment, Outcome, User
from accounts.sign_ins import record

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Login(LoginView):
    """The login page; in a demonstration it lists the accounts that log in with a click."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record(self.request, Outcome.IN, form.get_user())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        given = self.request.POST
        # Whoever is locked is written down where that is answered.
        if given.get("username") and given.get("password") and not is_locked(self.request):
            record(self.request, Outcome.FAILED, username=given["username"])
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if "idle" in self.request.GET:
            context["hint"] = f"超过 {settings.IDLE_MINUTES} 分钟没有操作，已自动退出。登录后回到刚才的页面。"
        if settings.DEMO:
            context |= {"demo_accounts": demo_accounts(), "login_url": reverse("demo_login")}
        return context


def demo_accounts() -> list[dict[str, str]]:
    """The demonstration's accounts in the order they were made: username, and a label of name and first office."""
    users = User.objects.filter(demonstration=True, is_active=True).exclude(password__startswith="!")
    held = Appointment.objects.valid(timezone.localdate()).filter(user__in=users)
    offices: dict[int, str] = {}
    for appointment in held.select_related("organisation").order_by("starts", "pk"):
        words = f"{appointment.organisation.label} {appointment.get_role_display()}"
        offices.setdefault(appointment.user_id, words)
    return [
        {"username": user.username, "label": " · ".join(filter(None, [user.name, offices.get(user.pk, "")]))}
        for user in users.order_by("date_joined", "pk")
    ]


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as the demonstration account ``username``; outside a demonstration there is no such address."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(
        User, username=request.POST.get("username", ""), demonstration=True, is_active=True
    )
    request.session.flush()
    login(request, user, backend=BACKEND)
    record(request, Outcome.IN, user)
    return redirect(_safe(request, request.POST.get("next", "")))


def is_locked(request: HttpRequest) -> bool:
    """Whether django-axes turned this request away; ``locked`` will answer it."""
    return bool(getattr(request, "axes_locked_out", False))


class Logout(LogoutView):
    """Going out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            record(request, Outcome.OUT, request.user)
        return super().post(request, *args, **kwargs)


def locked(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The answer to whoever has failed too often (called by django-axes)."""
    record(request, Outcome.LOCKED, username=request.POST.get("username", ""))
    context = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": lock_minutes()}
    return render(request, "accounts/locked.html", context, status=429)


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: ends every other session of the account (they carry the old one's hash)."""
    user = request.me.user  # type: ignore[attr-defined]
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.must_change_password = False
        user.password_changed_at = request.at  # type: ignore[attr-defined]
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    due = password_due(user, request.at)  # type: ignore[attr-defined]
    expired = f"密码已使用超过 {settings.PASSWORD_DAYS} 天，请先修改。"
    context = {
        "form": form,
        "due": due,
        "heading": "修改密码",
        "button": "修改密码",
        "hint": ("这是初始密码，请先修改，再开始使用。" if user.must_change_password else expired)
        if due
        else "",
    }
    return render(request, "accounts/password.html", context)


@require_POST
@login_required
def capacity(request: HttpRequest) -> HttpResponse:
    """Act from now on under the appointment ``appointment`` (one's own, in force today)."""
    today = timezone.localdate(request.at)  # type: ignore[attr-defined]
    number = request.POST.get("appointment", "")
    held = Appointment.objects.valid(today).filter(user=request.me.user)  # type: ignore[attr-defined]
    appointment = get_object_or_404(held, pk=int(number) if number.isdecimal() else 0)
    request.session[SESSION_KEY] = appointment.pk
    messages.success(request, f"现以“{appointment}”身份办理。")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _safe(request: HttpRequest, address: str) -> str:
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return settings.LOGIN_REDIRECT_URL
