"""Coming in, going out, changing the password, choosing the capacity."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.capacity import SESSION_KEY
from accounts.forms import ChangePasswordForm, LoginForm
from accounts.middleware import password_due
from accounts.models import Appointment, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Login(LoginView):
    """The login page; in a demonstration it lists the accounts that log in with a click."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["idle"] = "idle" in self.request.GET
        context["idle_minutes"] = settings.IDLE_MINUTES
        context["demo_accounts"] = demo_accounts() if settings.DEMO else []
        return context


def demo_accounts() -> list[dict[str, str]]:
    """The demonstration's accounts in the order they were made: username, name, role, organisation."""
    today = timezone.localdate()
    accounts = []
    held = Appointment.objects.valid(today).select_related("organisation").order_by("starts", "pk")
    first: dict[int, Appointment] = {}
    for appointment in held.filter(user__demonstration=True):
        first.setdefault(appointment.user_id, appointment)
    for user in User.objects.filter(demonstration=True, is_active=True).order_by("pk"):
        appointment = first.get(user.pk)
        accounts.append(
            {
                "username": user.username,
                "name": user.name,
                "role": appointment.get_role_display() if appointment else "",
                "organisation": appointment.organisation.label if appointment else "",
            }
        )
    return accounts


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
    return redirect(_safe(request, request.POST.get("next", "")))


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
    context = {
        "form": form,
        "first": user.must_change_password,
        "expired": not user.must_change_password and password_due(user, request.at),  # type: ignore[attr-defined]
        "days": settings.PASSWORD_DAYS,
    }
    return render(request, "accounts/password.html", context)


@require_POST
@login_required
def capacity(request: HttpRequest) -> HttpResponse:
    """Act from now on under the appointment ``appointment`` (one's own, in force today)."""
    today = timezone.localdate(request.at)  # type: ignore[attr-defined]
    number = request.POST.get("appointment", "")
    held = Appointment.objects.valid(today).filter(user_id=request.user.pk)
    appointment = get_object_or_404(held, pk=int(number) if number.isdecimal() else 0)
    request.session[SESSION_KEY] = appointment.pk
    messages.success(request, f"现以“{appointment}”身份办理。")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _safe(request: HttpRequest, address: str) -> str:
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return settings.LOGIN_REDIRECT_URL
