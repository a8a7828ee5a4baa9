"""What a plaque's code tells whoever checks it."""

from __future__ import annotations

from functools import cache

from accounts.statements import Given, Statement
from office import checks
from office.words import day
from studios.models import Plaque

SAID = (
    "number", "awarded_on", "withdrawn_on", "studio__name", "studio__state", "studio__lead__name",
    "studio__school__name", "studio__programme__owner__name",
)  # fmt: skip


@checks.register
def _plaque(code: str) -> checks.Found | None:
    """Art. 9 挂牌: whose plaque it is, and whether it still stands."""
    for plaque in _plaques().fetch({"code": code}):
        return _found(plaque)
    return None


@cache
def _plaques() -> Statement:
    rows = Plaque.objects.select_related("studio__lead", "studio__school", "studio__programme__owner")
    return Statement(rows.filter(check_code=Given("code")).only(*SAID))


def _found(plaque: Plaque) -> checks.Found:
    studio = plaque.studio
    note = f"领衔人：{studio.lead.name}；依托学校：{studio.school.name}；{studio.get_state_display()}"
    if plaque.withdrawn_on:
        note = f"{note}；牌匾已于{day(plaque.withdrawn_on)}收回"
    return checks.Found(
        kind="牌匾",
        title=studio.name,
        number=plaque.number,
        issuer=studio.programme.owner.name,
        date=day(plaque.awarded_on),
        valid=plaque.withdrawn_on is None,
        note=note,
    )
