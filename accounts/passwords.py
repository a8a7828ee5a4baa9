"""Which passwords are accepted (等级保护 2.0: three classes of characters, not the one before)."""

import secrets
import string
from typing import Any

from django.core.exceptions import ValidationError

# Of all accounts of the demonstration, told to whoever opens it.
DEMONSTRATION = "demo-2026"
CLASSES = (str.islower, str.isupper, str.isdigit)
# Without the characters that are mistaken for one another on paper.
_READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))


class ThreeClasses:
    """At least three of: lower case, upper case, digits, anything else."""

    def validate(self, password: str, user: Any = None) -> None:
        classes = sum(any(test(char) for char in password) for test in CLASSES)
        classes += any(not char.isalnum() or not char.isascii() for char in password)
        if classes < 3:
            raise ValidationError(self.get_help_text(), code="password_three_classes")

    def get_help_text(self) -> str:
        return "密码至少包含小写字母、大写字母、数字、其他字符中的三类。"


class NotThePrevious:
    """Not the password that is being replaced."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        return "新密码不能与原密码相同。"


def first_password() -> str:
    """A random first password of twelve readable characters in three classes, for a person to type once."""
    while True:
        text = "".join(secrets.choice(_READABLE) for _ in range(12))
        if all(any(test(char) for char in text) for test in CLASSES):
            return text
