"""What leaks past a page that is rightly open: rows of others in lists, sheets, searches, counts, suggestions, PDFs.

Who has which application or studio is the table of ``expected``; the strings looked for are those of the rows.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import Organisation, Principal
from applications.models import Application, ProposedMember, Review
from office.models import Notice
from studios.models import Membership, Studio
from tests.access import cast
from tests.access.expected import MATRIX
from tests.access.expected.readers import APPLICATIONS, PROPOSALS
from tests.access.places import find
from tests.access.rules import Rule

IDENTITY = re.compile(r"(?<!\d)\d{17}[\dX](?![\dA-Za-z])")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
COUNT = re.compile(r"(?:共|筛选出)\s*([\d,]+)")
NO_BUSINESS_WITH_PHONES = ("expert", "expert5", "thirdparty", "assessor", "auditor", "security", "anonymous")


pytestmark = pytest.mark.usefixtures("untouched")


def lists_open_to(name: str) -> list[str]:
    rule = MATRIX[name].get
    assert isinstance(rule, Rule)
    return [role for role in cast.ROLES if rule.answer(role) == "ok"]


def page(role: str, address: str) -> str:
    response = cast.browser(role).get(address)
    assert response.status_code == 200, (role, address, response.status_code)
    return str(response.content.decode())


def sheet(role: str, address: str) -> list[list[str]]:
    """The rows of the Excel sheet of a list, its heading apart."""
    response = cast.browser(role).get(address, {"export": "xlsx"})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    rows = load_workbook(BytesIO(content), read_only=True).active.iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows][1:]


# --- applications: list, sheet, search, count -------------------------------------------------------


def here(role: str) -> int:
    return int(cast.capacity(role).organisation_id or 0)


def applications_of(role: str) -> QuerySet[Application]:
    """DOMAIN: the owner all, county and school what has reached them, the principal the own, the auditor the scope's."""
    sent, endorsed = Q(submitted_at__isnull=False), Q(endorsed_at__isnull=False)
    mine: dict[str, Q] = {
        "bureau": Q(),
        "leader": Q(),
        "auditor": Q(),
        "county": endorsed & Q(school__parent__name="红山区教育局"),
        "county2": endorsed & Q(school__parent__name="松山区教育局"),
        "school": sent & Q(school__name="红山区清泉第二小学"),
        "school2": sent & Q(school__name=cast.OTHER_SCHOOL),
    }
    own = Q(lead__user=cast.user(role)) if role in ("principal", "lead", "member", "outsider") else Q(pk=None)
    return Application.objects.filter(mine.get(role, own))


@pytest.mark.parametrize("role", lists_open_to("application-list"))
def test_a_list_of_applications_names_no_foreign_one(role: str) -> None:
    """Neither on the page nor in the sheet, and all of one's own in the sheet."""
    address = reverse("application-list")
    shown, rows = page(role, address), sheet(role, address)
    cells = {cell for row in rows for cell in row}
    mine = set(applications_of(role).values_list("number", flat=True))
    for number in Application.objects.values_list("number", flat=True):
        if number not in mine:
            assert number not in shown, number
        assert (number in cells) == (number in mine), number
    assert len(rows) == len(mine)


@pytest.mark.parametrize("role", lists_open_to("application-list"))
@pytest.mark.parametrize("place", APPLICATIONS)
def test_searching_finds_no_foreign_application(role: str, place: str) -> None:
    """By the lead's name; the number of what is found is looked for, because the words come back in the field."""
    wanted = find("application", place)
    shown = page(role, f"{reverse('application-list')}?search={wanted.lead.name}")
    assert (wanted.number in shown) == (role in APPLICATIONS[place].split())


@pytest.mark.parametrize("role", ["county", "school2", "principal"])
def test_the_count_of_a_list_counts_only_ones_own(role: str) -> None:
    shown = page(role, reverse("application-list"))
    counts = {int(found.replace(",", "")) for found in COUNT.findall(shown)}
    assert counts <= {applications_of(role).count()}, counts


def test_filters_by_foreign_county_open_nothing() -> None:
    """Asking for another county's rows by hand in the address gives none."""
    other = Organisation.objects.get(name="松山区教育局").pk
    shown = page("county", f"{reverse('application-list')}?authority={other}&county={other}")
    assert find("application", "songshan").number not in shown


# --- other lists ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", lists_open_to("proposedmember-list"))
def test_a_list_of_proposed_members_names_no_foreign_one(role: str) -> None:
    rows = sheet(role, reverse("proposedmember-list"))
    people = {(row[0], row[2]) for row in rows}
    for place, readers in PROPOSALS.items():
        member: ProposedMember = find("proposal", place)
        who = (member.principal.name, member.application.studio_name)
        assert (who in people) == (role in readers.split()), (role, place)


@pytest.mark.parametrize("role", lists_open_to("membership-list"))
def test_a_list_of_members_has_those_of_ones_studios_and_school(role: str) -> None:
    owner = Q(pk__isnull=False) if role in ("bureau", "leader", "finance") else Q(pk=None)
    place = Q(studio__authority=here(role)) | Q(principal__school__parent=here(role))
    school = Q(studio__school=here(role)) | Q(principal__school=here(role))
    part = Q(studio__lead__user=cast.user(role)) | Q(studio__memberships__principal__user=cast.user(role))
    mine = {"county": place, "county2": place, "school": school, "school2": school}
    expected = Membership.objects.filter(owner | mine.get(role, part)).distinct()
    rows = sheet(role, reverse("membership-list"))
    assert sorted(row[0] for row in rows) == sorted(expected.values_list("principal__name", flat=True))


@pytest.mark.parametrize("role", lists_open_to("review-list"))
def test_an_expert_sees_the_own_reviews_of_the_running_round_and_the_owner_all(role: str) -> None:
    mine = Review.objects.filter(expert__user=cast.user(role), application__call__state="reviewing")
    own = mine.exclude(state="released")
    expected = Review.objects.all() if role in ("bureau", "leader") else own
    rows = sheet(role, reverse("review-list"))
    assert sorted(row[1] for row in rows) == sorted(expected.values_list("application__number", flat=True))


@pytest.mark.parametrize(
    "name", ["publicity-list", "objection-list", "announcement-list", "rubric-list", "document-list"]
)
def test_the_owners_lists_are_empty_for_other_offices(name: str) -> None:
    """A county may own a programme (Art. 19) and has the page; of the bureau's programme it finds nothing in it."""
    foreign = [
        *Application.objects.values_list("number", flat=True),
        *find("objection", "received").__class__.objects.values_list("number", flat=True),
        find("publicity", "running").call.name + "拟建设名单的公示",
    ]
    for role in ("county", "school", "outsider"):
        if name != "document-list" and role not in lists_open_to(name):
            continue
        shown = page(role, reverse(name))
        assert not [word for word in foreign if word in shown]


@pytest.mark.parametrize("role", lists_open_to("registry:principals"))
def test_a_school_and_a_county_list_their_own_principals_with_masked_numbers(role: str) -> None:
    rows = sheet(role, reverse("registry:principals"))
    keeps_all = Q(pk__isnull=False) if role == "bureau" else Q(school=here(role))
    expected = Principal.objects.filter(keeps_all | Q(school__parent=here(role)))
    assert len(rows) == expected.count()
    text = "\n".join(cell for row in rows for cell in row)
    assert not IDENTITY.search(text)
    assert not PHONE.search(text)


@pytest.mark.parametrize("name", ["registry:organisations", "registry:people", "registry:appointments"])
def test_a_county_keeps_its_own_schools_alone(name: str) -> None:
    text = "\n".join(cell for row in sheet("county", reverse(name)) for cell in row)
    assert "红山区清泉第二小学" in text
    for school in Organisation.objects.filter(kind="school").exclude(parent__name="红山区教育局"):
        assert school.name not in text


# --- desk, notices, calls ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", cast.ROLES)
def test_the_desk_shows_no_foreign_application(role: str) -> None:
    """Of objects of one's own only; a member who was asked meets the studio's name there, not the application."""
    shown = page(role, f"{reverse('desk')}?all")
    mine = set(applications_of(role).values_list("number", flat=True))
    judged = Review.objects.filter(expert__user=cast.user(role)).values_list("application__number", flat=True)
    told = Notice.objects.filter(user=cast.user(role)).values_list("url", flat=True)
    for number in Application.objects.values_list("number", flat=True):
        if number not in mine and number not in set(judged) and not any(number in url for url in told):
            assert f"/applications/{number}/" not in shown, number


@pytest.mark.parametrize("role", ["county", "school", "outsider", "expert", "thirdparty"])
def test_a_call_shows_others_neither_panels_nor_quotas_nor_results(role: str) -> None:
    """Also where the tab is asked for by hand."""
    for tab in ("panels", "progress", "results"):
        shown = page(role, f"{find('call', 'judging').get_absolute_url()}?tab={tab}")
        assert "顾长风" not in shown
        assert find("application", "judged").number not in shown


def test_a_county_sees_its_own_quota_alone() -> None:
    shown = page("county", find("call", "open").get_absolute_url())
    assert "敖汉旗" not in shown


# --- the application as each reader has it ----------------------------------------------------------

OPINION = "材料属实，办学成效突出"


def test_an_expert_judges_without_the_opinions_of_school_and_county() -> None:
    application: Application = find("application", "judged")
    address = application.get_absolute_url()
    sheet_address = reverse("review-sheet", args=[find("review", "mine").pk])
    assert OPINION in page("bureau", address)
    for tab in ("content", "members", "materials", "changes"):
        for shown in (page("expert", f"{address}?tab={tab}"), page("expert", f"{sheet_address}?tab={tab}")):
            assert OPINION not in shown
            assert "白玉兰" not in shown
            assert application.lead.masked_identity not in shown
            assert not PHONE.search(shown)


def pdf_text(role: str, application: Application) -> str:
    response = cast.browser(role).get(reverse("application-print", args=[application.number]))
    return "".join(each.extract_text() for each in PdfReader(BytesIO(response.content)).pages)


def test_the_printed_form_says_no_more_than_the_page() -> None:
    """The applicant's own has the number in full, an expert's neither number nor phone nor opinions."""
    application: Application = find("application", "judged")
    lead = application.lead
    printed = pdf_text("expert", application)
    assert lead.name in printed
    assert lead.identity not in printed
    assert lead.phone not in printed
    assert OPINION not in printed
    for role in ("leader", "auditor"):
        assert lead.identity not in pdf_text(role, application)


@pytest.mark.parametrize("role", [*NO_BUSINESS_WITH_PHONES])
def test_phones_and_numbers_of_principals_stay_where_they_are(role: str) -> None:
    """Experts, third parties, auditors and the public never meet a principal's phone, on whatever page is open to them."""
    phones = set(Principal.objects.exclude(phone="").values_list("pk", flat=True))
    assert phones
    numbers = {row.phone for row in Principal.objects.filter(pk__in=phones)}
    addresses = [reverse(name) for name in ("home", "directory", "public-documents", "public-follow")]
    addresses += [row.get_absolute_url() for row in Application.objects.all()]
    addresses += [reverse("directory-studio", args=[row.number]) for row in Studio.objects.all()]
    addresses += [reverse("public-publicity", args=[find("publicity", "running").pk])]
    for address in addresses:
        shown = cast.browser(role).get(address, follow=True).content.decode()
        assert not set(PHONE.findall(shown)) & numbers, address
        assert not IDENTITY.search(shown), address


def test_who_objected_is_told_to_nobody_by_the_way() -> None:
    """The name is behind a button that leaves a trace; neither page, list nor sheet says it."""
    objection: Any = find("objection", "received")
    address = objection.get_absolute_url()
    for role in ("bureau", "leader"):
        for shown in (page(role, address), page(role, reverse("objection-list"))):
            assert objection.name not in shown
            assert objection.contact not in shown
        cells = "".join(cell for row in sheet(role, reverse("objection-list")) for cell in row)
        assert objection.name not in cells
    public = cast.browser("anonymous").get(reverse("public-objection", args=[objection.number]))
    assert objection.name not in public.content.decode()


# --- studios ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["outsider", "school", "thirdparty", "security", "admin"])
def test_whoever_has_no_part_in_a_studio_reads_what_the_directory_says(role: str) -> None:
    """Also where the tab of members is asked for by hand: neither consents nor reasons nor opinions."""
    shown = page(role, f"{find('studio', 'songshan').get_absolute_url()}?tab=members")
    assert "主管部门 " not in shown
    assert "?tab=members" not in shown


@pytest.mark.parametrize("role", ["bureau", "finance", "county2", "lead", "member", "auditor"])
def test_whoever_has_a_part_in_a_studio_reads_its_members(role: str) -> None:
    assert "主管部门 " in page(role, f"{find('studio', 'songshan').get_absolute_url()}?tab=members")


# --- suggestions and batches ------------------------------------------------------------------------


def test_looking_for_members_shows_no_personal_data() -> None:
    """An applicant finds any principal by name and school, and learns nothing else of them."""
    returned: Application = find("application", "returned")
    address = reverse("form-application", args=[returned.number, "members"])
    other = Principal.objects.exclude(identity="").exclude(pk=returned.lead_id).order_by("pk")[40]
    shown = page("principal", f"{address}?find={other.name}")
    assert other.school.name in shown
    assert not IDENTITY.search(shown)
    assert not PHONE.search(shown)
    assert other.masked_identity not in shown


def test_a_batch_neither_names_nor_moves_a_foreign_case() -> None:
    foreign: Application = find("application", "songshan")
    mine: Application = find("application", "hongshan")
    data = {"pk": [foreign.pk, mine.pk], "opinion": "同意", "confirmed": "1", f"{foreign.pk}-rank": "1"}
    response = cast.browser("county").post(
        reverse("batch-application", args=["recommend"]), data | {f"{mine.pk}-rank": "7"}
    )
    assert foreign.number not in response.content.decode()
    assert foreign.lead.name not in response.content.decode()
    foreign.refresh_from_db()
    assert foreign.state == "authority_review"


def test_no_message_leads_to_what_its_reader_may_not_open() -> None:
    """Every notice of the cast leads to a page that opens."""
    for role in cast.ROLES:
        for address in {row.url for row in Notice.objects.filter(user=cast.user(role)) if row.url}:
            page = cast.browser(role).get(address, follow=True)
            # A list that has come down says so.
            assert page.status_code == 200 or "公示已撤下" in page.content.decode(), (role, address)
