"""Who is let in and what the others meet: the words in which the matrix is written.

A rule names who is let in (``ok``), who sees the object but may not do this (``refused``, 403) and what meets
everybody else: 404 for objects, 403 for pages that belong to a capacity. The public is led to the login page
unless it is named. ``Page`` gives the rules of GET and POST, by place where the address names an object (see
``places``); a method that is not given is not allowed (405).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.access.cast import ANONYMOUS, ROLES

EVERYBODY = " ".join(ROLES)
OWNER = "bureau leader"
OFFICERS = "bureau county county2 school school2"
STAFF = f"{OFFICERS} leader"
PRINCIPALS = "principal lead member outsider"
EXPERTS = "expert expert5"
KEEPERS = "bureau admin county county2"
# Everybody whose business the programme is; the system's people apart.
BUSINESS = f"{STAFF} finance {PRINCIPALS} {EXPERTS} thirdparty assessor auditor"


@dataclass(frozen=True)
class Rule:
    """What each role meets. ``status``: what whoever is let in may be answered with."""

    ok: str = ""
    refused: str = ""
    missing: str = ""
    rest: str = "404"
    public: str = "login"
    status: tuple[int, ...] = ()
    data: Callable[[], dict[str, Any]] = field(default=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, role: str) -> str:
        """ok, 403, 404 or login."""
        if role == ANONYMOUS:
            return self.public
        named = (("ok", self.ok), ("403", self.refused), ("404", self.missing))
        return next((word for word, roles in named if role in roles.split()), self.rest)


Rules = Rule | dict[str, Rule]


@dataclass(frozen=True)
class Page:
    get: Rules | None = None
    post: Rules | None = None


def seen(ok: str, refused: str = "", **more: Any) -> Rule:
    """An object: 404 for whom it does not exist."""
    return Rule(ok=ok, refused=refused, **more)


def only(ok: str, missing: str = "", **more: Any) -> Rule:
    """A page of some capacities: 403 for the others; ``missing`` have the capacity but not this object."""
    return Rule(ok=ok, missing=missing, rest="403", **more)


def everybody(**more: Any) -> Rule:
    """Whoever has an account."""
    return Rule(ok=EVERYBODY, **more)


def public(**more: Any) -> Rule:
    """Whoever comes along."""
    return Rule(ok=EVERYBODY, public="ok", **more)


GOES = (302,)
NO_ROWS = (400,)
PART = (200, 204)
