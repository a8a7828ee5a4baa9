"""What every workflow object is: a case in a state, since a moment, due at another."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone


@lru_cache(maxsize=10_000)
def case_address(flow: str, key: str) -> str:
    """The page of the case ``key`` of a flow; kept, since lists and boards ask for hundreds."""
    return reverse(f"case-{flow}", args=[key])


class Case(models.Model):
    """A piece of work that moves from hand to hand by steps. Only the door (``office.door``) writes ``state``."""

    since = models.DateTimeField("进入本环节时间", default=timezone.now, editable=False)
    due = models.DateTimeField("办理期限", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    # Declared by each case: a CharField with the choices of its own TextChoices.
    state: Any

    def get_absolute_url(self) -> str:
        return case_address(str(self._meta.model_name), self.key)

    @property
    def key(self) -> str:
        """What names the case in an address: its number where it has one."""
        return str(getattr(self, "number", "") or self.pk)


def state_field(states: type[models.TextChoices], initial: str) -> Any:
    """The column of a case's state; ``state_check`` puts the same states into a check constraint."""
    return models.CharField("状态", max_length=30, choices=states, default=initial, editable=False)


def state_check(states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The check constraint that lets the column hold only these states."""
    return models.CheckConstraint(condition=models.Q(state__in=states.values), name=name)
