"""Message settings (消息设置): each person says, kind by kind, what comes by e-mail and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.models import User
from office.models import Choice, NoticeKind, Way
from office.notices import DEFAULTS
from office.requests import Request

EXPLAINED = {
    NoticeKind.ACTION: "事项转到您这里，等您办理；被退回，等您修改",
    NoticeKind.URGED: "等您办理的人催您",
    NoticeKind.REMINDER: "截止时间快到了或已经过了",
    NoticeKind.RESULT: "您的事项有了结果：通过、不予推荐、公布等",
    NoticeKind.PROGRESS: "您关心的事项往前走了一步",
    NoticeKind.TASK: "您发起的导出、导入等办完了",
    NoticeKind.SECURITY: "密码修改、敏感信息导出等",
}


class ChoiceForm(forms.Form):
    """One field a kind; what requires action keeps at least the daily digest."""

    def __init__(self, data: Any, *, user: User) -> None:
        chosen = dict(Choice.objects.filter(user=user).values_list("kind", "way"))
        super().__init__(data, initial={kind: chosen.get(kind, DEFAULTS[kind]) for kind in NoticeKind.values})
        for kind in NoticeKind:
            kept = kind in NoticeKind.required
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=[(way.value, way.label) for way in Way if not (kept and way == Way.NONE)],
                help_text=EXPLAINED[kind] + ("。不能关闭" if kept else ""),
            )

    def save(self, user: User) -> None:
        """Keep what was chosen, kind by kind."""
        with transaction.atomic():
            for kind, way in self.cleaned_data.items():
                Choice.objects.update_or_create(user=user, kind=kind, defaults={"way": way})


class NoticeChoices(LoginRequiredMixin, View):
    """GET: my settings; POST: keep them."""

    request: Request

    def get(self, request: Request) -> HttpResponse:
        return self._page(ChoiceForm(None, user=self._user()))

    def post(self, request: Request) -> HttpResponse:
        user = self._user()
        form = ChoiceForm(request.POST, user=user)
        if not form.is_valid():
            return self._page(form, 422)
        form.save(user)
        messages.success(request, "消息设置已保存，对此后的消息有效。")
        return redirect("notice-choices")

    def _user(self) -> User:
        return User.objects.get(pk=self.request.me.user_id or 0)

    def _page(self, form: ChoiceForm, status: int = 200) -> HttpResponse:
        user = self._user()
        context = {
            "form": form,
            "form_title": "消息设置",
            "section_title": "哪些消息发邮件",
            "form_crumbs": [
                {"label": "我的资料", "url": reverse("own")},
                {"label": "消息", "url": reverse("notices")},
            ],
            "formsets": [],
            "mail_ready": settings.MAIL and not user.demonstration,
            "demonstration": user.demonstration,
            "address": user.email,
            "digest_hour": settings.DIGEST_HOUR,
        }
        return render(self.request, "office/notice_choices.html", context, status=status)
