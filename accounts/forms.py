"""Login and change of password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class LoginForm(AuthenticationForm):
    """The same answer for an unknown account, a wrong password and an account that is switched off."""

    error_messages = {
        "invalid_login": "用户名或密码不正确。连续 5 次输错将锁定 30 分钟。",
        "inactive": "用户名或密码不正确。连续 5 次输错将锁定 30 分钟。",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


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
