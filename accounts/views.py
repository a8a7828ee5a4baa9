"""Coming in, going out, choosing the capacity."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import second_factor
from accounts.capacity import SESSION_KEY
from accounts.entering import allowed, come_in, failed, held, hold, is_locked
from accounts.forms import CodeForm, LoginForm, lock_minutes
from accounts.models import Appointment, Outcome, User
from accounts.sign_ins import record


class Login(LoginView):
    """The login page; in a demonstration it lists the accounts that log in with a click."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user, address = form.get_user(), self.get_success_url()
        if second_factor.device_of(user.pk):
            hold(self.request, user, address)
            return redirect("login-code")
        come_in(self.request, user)
        return HttpResponseRedirect(address)

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


@never_cache
@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """After the right password: the code of the authenticator app or a recovery code. Wrong ones lock like passwords."""
    if (waiting := held(request)) is None:
        messages.error(request, "请重新登录：动态验证码要在输入密码后 5 分钟内输入。")
        return redirect("login")
    user, address = waiting
    if not allowed(request, user):
        return locked(request, {"username": user.username})
    form = CodeForm(request.POST or None, recovery=True)
    if request.method == "POST" and form.is_valid():
        found = second_factor.check(user.pk, form.cleaned_data["code"], request.at)  # type: ignore[attr-defined]
        if found:
            come_in(request, user, Outcome.RECOVERY if found == second_factor.RECOVERY else Outcome.IN)
            return redirect(_safe(request, address))
        failed(request, user, Outcome.CODE)
        form.add_error("code", "验证码不正确，或者已经用过。请输入身份验证器上的下一个验证码。")
    return render(request, "accounts/code.html", {"form": form}, status=422 if form.errors else 200)


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
    come_in(request, user)
    return redirect(_safe(request, request.POST.get("next", "")))


class Logout(LogoutView):
    """Going out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            record(request, Outcome.OUT, request.user)
        return super().post(request, *args, **kwargs)


def locked(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The answer to whoever has failed too often (called by django-axes)."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    record(request, Outcome.LOCKED, username=username)
    context = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": lock_minutes()}
    return render(request, "accounts/locked.html", context, status=429)


@require_POST
@login_required
def capacity(request: HttpRequest) -> HttpResponse:
    """Act from now on under the appointment ``appointment``: one's own in force today, or of whom one is deputy."""
    number = request.POST.get("appointment", "")
    held = {me.appointment.pk: me for me in request.held if me.appointment}  # type: ignore[attr-defined]
    me = held.get(int(number) if number.isdecimal() else 0)
    if me is None:
        raise Http404("没有这一身份，或者已经到期。")
    request.session[SESSION_KEY] = me.appointment.pk
    instead = f"，代{me.away}" if me.away else ""
    messages.success(request, f"现以“{me.appointment}”身份办理{instead}。")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _safe(request: HttpRequest, address: str) -> str:
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return settings.LOGIN_REDIRECT_URL
