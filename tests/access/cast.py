"""Who walks through the matrix: accounts of the demonstration, and what they need that it does not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from accounts.capacity import Capacity, capacities
from accounts.models import Principal, Role, User
from applications.models import Call
from office.door import begin
from office.exports import EXPORT
from office.jobs import enqueue, run_due
from office.models import Mail
from office.sheets import read_table
from portal.demo.cast import FOLDER
from portal.registry import kept as storage
from portal.registry import slips
from portal.registry.openings import OFFICERS, Opened, Wanted
from portal.registry.rosters import ROSTERS
from portal.registry.slips import Batch

# Accounts of the login page, and three neighbours: another school, a principal and an expert without a part.
ROLES = (
    "bureau", "leader", "finance", "county", "county2", "school", "school2", "principal", "lead", "member",
    "outsider", "expert", "expert5", "thirdparty", "assessor", "auditor", "security", "admin",
)  # fmt: skip
ANONYMOUS = "anonymous"
OTHER_SCHOOL = "红山区玉屏小学"


def _officer(school: str) -> User:
    return User.objects.get(appointments__role=Role.OFFICER, appointments__organisation__name=school)


def _outsider() -> User:
    """The first head who neither applies nor is asked nor sits in a studio."""
    rows = Principal.objects.filter(head=True, applications=None, proposals=None, memberships=None)
    return rows.exclude(user=None).order_by("pk")[0].user


@cache
def user(role: str) -> User:
    """The account behind a role."""
    if role == "school2":
        return _officer(OTHER_SCHOOL)
    if role == "outsider":
        return _outsider()
    return User.objects.get(username=role)


def capacity(role: str) -> Capacity:
    """The role's own capacity today."""
    return capacities(user(role), timezone.localdate())[0]


@cache
def session_key(role: str) -> str:
    """A session in which the role has logged in."""
    who = user(role)
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def browser(role: str, *, csrf: bool = False) -> Client:
    """A fresh browser in which the role has logged in; without a session for the public."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
    if role != ANONYMOUS:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_key(role)
    return client


# --- what the demonstration does not have by itself -------------------------------------------------


def furnish() -> None:
    """Sessions; a draft call, a job, a letter and a roster of the county, the PDFs of the documents."""
    now = timezone.now()
    for role in ROLES:
        session_key(role)
    opened = Call.objects.get(state="open")
    draft = Call(
        number="2030-1",
        programme=opened.programme,
        name="尚未发布的批次",
        start_on=opened.start_on + timedelta(days=366),
        rubric=opened.rubric,
        **{
            name: getattr(opened, name) + timedelta(days=366)
            for name in ("opens_at", "submit_by", "school_by", "authority_by", "check_by", "score_by")
        },
    )
    begin(draft, capacity("bureau"), now, "拟定批次")
    view = "applications.views.lists.ApplicationList"
    enqueue(EXPORT, "导出申报评审", capacity("county"), now, view=view, query="", name="申报评审")
    run_due(now)
    Mail.objects.create(
        user=user("county"), state=Mail.State.UNCONFIRMED, made_at=now, due_at=now, ended_at=now
    )
    resource = ROSTERS["schools"](capacity("county"), now)
    with (FOLDER / "schools.xlsx").open("rb") as opened_file:
        table = read_table(opened_file, resource.columns)
    outcome = resource.preview(table.dataset())
    kept = storage.Kept("schools", user("county").pk, "schools.xlsx", table, outcome)
    TOKEN.append(storage.keep(kept, now))
    county = capacity("county")
    assert county.appointment
    wanted = [Wanted("冯新", "红山区第九小学", None, "没有这所学校，或者不由您管理")]
    batch = Batch(OFFICERS, user("county").pk, county.appointment.pk, wanted)
    opened = [Opened("冯新", "红山区第九小学", "经办", "fengxin01", "not-a-password")]
    BATCHES["preview"] = slips.keep(batch, now)
    BATCHES["opened"] = slips.keep(replace(batch, opened=opened), now)


TOKEN: list[str] = []
# The county's own batches of accounts: before they are opened, and with slips to be taken.
BATCHES: dict[str, str] = {}


def forget() -> None:
    """The people of another database are not those of this one."""
    user.cache_clear()
    session_key.cache_clear()
    TOKEN.clear()
    BATCHES.clear()
