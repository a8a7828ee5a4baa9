"""Login and change of password."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


def lock_minutes() -> int:
    """How long too many failures lock a name for; the setting of django-axes is in hours."""
    return round(settings.AXES_COOLOFF_TIME * 60)


class LoginForm(AuthenticationForm):
    """The same answer for an unknown account, a wrong password and an account that is switched off."""

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        limit, minutes = settings.AXES_FAILURE_LIMIT, lock_minutes()
        sentence = f"用户名或密码不正确。连续 {limit} 次输错将锁定 {minutes} 分钟。"
        self.error_messages = {"invalid_login": sentence, "inactive": sentence}
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


class CodeForm(forms.Form):
    """The code of the authenticator app, or a recovery code where ``recovery`` allows one."""

    code = forms.CharField(
        label="动态验证码",
        max_length=40,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "请输入动态验证码。"},
    )

    def __init__(self, *args: Any, recovery: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if recovery:
            self.fields["code"].help_text = "身份验证器上现在的 6 位数字；手机不在身边的，输入一个恢复码。"
        else:
            self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ChangePasswordForm(PasswordChangeForm):
    """The present password, the new one twice."""

    error_messages = {
        "password_incorrect": "原密码不正确。",
        "password_mismatch": "两次输入的新密码不一致。",
    }
    old_password = forms.CharField(
        label="原密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "新密码"
        self.fields[
            "new_password1"
        ].help_text = "至少 10 个字符，包含小写字母、大写字母、数字、其他字符中的三类。"
        self.fields["new_password2"].label = "再次输入新密码"
        self.fields["new_password2"].help_text = ""
