"""People who log in: one person, one account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from accounts.chinese import sort_key


class PersonManager(UserManager["User"]):
    def create_superuser(self, *args: Any, **kwargs: Any) -> User:
        """Refused: no account stands above the rules."""
        raise NotImplementedError("本系统没有超级用户，系统管理员请用 manage.py admin_account 建立。")


class User(AbstractUser):  # type: ignore[django-manager-missing]  # django-otp has no types
    """One person. Rights follow from appointments and from what the rows say, never from flags here."""

    name = models.CharField("姓名", max_length=40)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    demonstration = models.BooleanField("演示账号", default=False, editable=False)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    objects = PersonManager()  # type: ignore[misc]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def clean_fields(self, exclude: Any = None) -> None:
        self.set_keys()
        super().clean_fields(exclude=exclude)

    def set_keys(self) -> None:
        """Derive the sorting key from the name; whoever saves a new name calls this."""
        self.sort_key = sort_key(self.name, person=True)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
