"""Studios at work: through the door, with members who were invited and consented to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from accounts.models import Organisation, Principal, Role
from office.door import begin, take
from programmes.ground import lay as lay_programme
from programmes.models import Programme
from studios.flows import MEMBERSHIP
from studios.flows.terms import open_term
from studios.inviting import invite
from studios.models import Membership, MembershipState, Stage, Studio
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.applications import acting, make_lead, someone

ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
SEATED = datetime(2026, 12, 10, 9, 0, tzinfo=ZONE)
TERM = date(2027, 1, 1)
WORKING = datetime(2027, 5, 12, 10, 0, tzinfo=ZONE)

_serial = count(1)


def programme() -> Programme:
    """The bureau's programme, laid once."""
    bureau = make_bureau()
    return Programme.objects.filter(owner=bureau).first() or lay_programme(bureau)


def make_studio(lead: Principal | None = None, members: int = 8, at: datetime = FOUNDED) -> Studio:
    """A studio with a term from 2027-01-01 and ``members`` seated members; active with eight."""
    chosen = lead or make_lead(name="苏和")
    rules = programme()
    studio = Studio(
        number=f"2026-S{next(_serial):03d}",
        programme=rules,
        name=f"{chosen.name}名校长工作室",
        lead=chosen,
        school=chosen.school,
        authority=chosen.school.parent,
        stage=Stage.PRIMARY,
        prepare_by=at.date() + timedelta(days=rules.preparing_days),
    )
    begin(studio, someone(Role.OFFICER, rules.owner), at, "公布设立")
    open_term(studio, TERM, rules.term_years)
    for _ in range(members):
        seat(invited(studio))
    return Studio.objects.select_related("programme__owner", "lead", "school", "authority").get(pk=studio.pk)


def invited(
    studio: Studio, principal: Principal | None = None, reason: str = "", at: datetime = SEATED
) -> Membership:
    """The lead asks ``principal`` (default: a new head with a ground)."""
    asked = principal or make_principal(famous=True, head=True)
    return invite(studio.pk, asked.pk, reason, acting(studio.lead), at)


def accepted(membership: Membership, at: datetime = SEATED) -> Membership:
    """The person asked is willing."""
    take(MEMBERSHIP, "accept", membership.pk, acting(membership.principal), at)
    return Membership.objects.select_related("principal__school__parent", "studio").get(pk=membership.pk)


def seat(membership: Membership, at: datetime = SEATED) -> Membership:
    """Willing, and consented to by school and authority."""
    if membership.state == MembershipState.INVITED:
        membership = accepted(membership, at)
    school = membership.principal.school
    take(MEMBERSHIP, "consent_school", membership.pk, someone(Role.OFFICER, school), at)
    take(MEMBERSHIP, "consent_authority", membership.pk, someone(Role.OFFICER, school.parent), at)
    return Membership.objects.select_related("principal__school__parent", "studio").get(pk=membership.pk)


def states(memberships: Iterable[Membership]) -> list[str]:
    """The states as they are in the database, by key."""
    keys = [each.pk for each in memberships]
    return list(Membership.objects.filter(pk__in=keys).order_by("pk").values_list("state", flat=True))


def authority_of(membership: Membership) -> Organisation:
    """Who has to consent besides the school."""
    return membership.principal.school.parent
