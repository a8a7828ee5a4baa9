"""Demonstration accounts, whose password everyone knows, never meet a program that is in earnest."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

SENTENCE = (
    "数据库中有演示账号（密码公开），不能在正式环境启动。"
    "如为演示，请设置环境变量 DEMO=1；如为正式使用，请换用新的数据库。"
)


def demonstration_in_earnest() -> bool:
    """Whether the database holds demonstration accounts while DEMO is off; a missing database has none."""
    from accounts.models import User

    if settings.DEMO:
        return False
    try:
        return User.objects.filter(demonstration=True).exists()
    except DatabaseError:
        return False


def refuse_demonstration() -> None:
    """Called when the server starts. Raises ImproperlyConfigured with the sentence to be shown."""
    if demonstration_in_earnest():
        raise ImproperlyConfigured(SENTENCE)


@register(Tags.database)
def check_demonstration(
    app_configs: Any, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    if databases and demonstration_in_earnest():
        return [Error(SENTENCE, id="accounts.E001")]
    return []
