"""A wrong identity number: asked with a scan of the card, compared by the authority, changed in the record alone."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, Principal, Role
from office.models import Attachment, Entry, Notice
from portal.models import CorrectionState, IdentityCorrection
from tests.factories.accounts import identity_number, make_capacity, make_principal, make_school
from tests.office.hostile import picture

pytestmark = [pytest.mark.django_db, pytest.mark.core]

RIGHT = identity_number(date(1979, 5, 6), serial=502)


@pytest.fixture
def person(cast):
    """The principal, who can log in."""
    me = make_capacity(Role.PRINCIPAL, cast.school, "周校长")
    cast.principal.user = me.user
    cast.principal.save()
    return me


def _browser(me) -> Client:
    browser = Client()
    browser.force_login(me.user)
    return browser


def _ask(me, number: str = RIGHT, card: bytes | None = None, **more: str):
    file = SimpleUploadedFile("身份证.jpg", picture() if card is None else card)
    return _browser(me).post("/me/identity/", {"identity": number, "card": file, **more})


def _step(me, case, name: str, opinion: str = ""):
    return _browser(me).post(f"/corrections/{case.pk}/steps/{name}/", {"opinion": opinion})


def test_the_county_compares_and_the_record_is_changed(cast, person) -> None:
    """As it happens: the person asks, the county's officer looks at the scan and both numbers, and corrects."""
    old = cast.principal.masked_identity
    address = _ask(person, RIGHT.lower(), reason="录错")["Location"]
    case = IdentityCorrection.objects.get()
    assert (case.state, case.reason) == (CorrectionState.ASKED, "录错")
    page = _browser(cast.county).get(address).content.decode()
    assert "身份证.jpg" in page
    assert old in page
    assert RIGHT not in page, "masked until somebody looks"
    assert "核对身份证，更正号码" in _browser(cast.county).get("/desk/").content.decode()
    numbers = _browser(cast.county).post(f"{address}numbers/")
    assert RIGHT in numbers.content.decode()
    assert cast.principal.identity in numbers.content.decode()
    assert numbers["Cache-Control"] == "no-store"
    assert "查看完整号码" in Entry.objects.of(case).values_list("label", flat=True)
    _step(cast.county, case, "correct")
    cast.principal.refresh_from_db()
    assert (cast.principal.identity, cast.principal.sex) == (RIGHT, "f")
    assert cast.principal.birth_month == date(1979, 5, 1)
    assert Principal.objects.by_identity(RIGHT).get() == cast.principal, "found by the new fingerprint"
    facts = Entry.objects.of(cast.principal).get().facts
    assert facts["身份证号"] == [old, cast.principal.masked_identity]
    case.refresh_from_db()
    assert (case.state, case.identity, case.former) == (CorrectionState.CORRECTED, "", "")
    assert Notice.objects.filter(user=person.user, url=address).exists()
    assert _browser(cast.county).post(f"{address}numbers/").status_code == 404, "the numbers are gone"


def test_neither_number_is_readable_in_the_database(cast, person) -> None:
    _ask(person)
    with connection.cursor() as cursor:
        for table in ("portal_identitycorrection", "office_entry", "office_notice"):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored = str(cursor.fetchall())
            assert RIGHT not in stored
            assert cast.principal.identity not in stored


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("15040219790506502", "身份证号应为 18 位，现有 17 位"),
        (RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2"), "校验码不正确"),
        ("150402197902305021", "出生日期不存在"),
        ("", "这个字段是必填项"),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(cast, person, number: str, sentence: str) -> None:
    response = _ask(person, number)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not IdentityCorrection.objects.exists()


def test_the_number_of_another_record_is_refused_when_asked_and_when_corrected(cast, person) -> None:
    response = _ask(person, cast.stranger.identity)
    assert "另一份校长档案已登记这个身份证号" in response.content.decode()
    _ask(person)
    case = IdentityCorrection.objects.get()
    make_principal(make_school(cast.hongshan, "红山区第三小学"), "郑校长", identity=RIGHT)
    before = cast.principal.identity
    refused = _step(cast.county, case, "correct")
    assert refused.status_code == 422
    assert "红山区第三小学“郑校长”的档案已登记这个身份证号" in refused.content.decode()
    cast.principal.refresh_from_db()
    assert cast.principal.identity == before


def test_a_hostile_scan_begins_nothing(cast, person) -> None:
    assert _ask(person, card=b"MZ\x90\x00").status_code == 422
    assert not IdentityCorrection.objects.exists()
    assert not Attachment.objects.exists()


def test_one_request_at_a_time_and_it_can_be_taken_back(cast, person) -> None:
    first = _ask(person)["Location"]
    assert _ask(person, identity_number(date(1979, 5, 6), serial=504))["Location"] == first
    assert _browser(person).get("/me/identity/")["Location"] == first
    case = IdentityCorrection.objects.get()
    _step(person, case, "withdraw")
    case.refresh_from_db()
    assert (case.state, case.identity) == (CorrectionState.WITHDRAWN, "")
    assert _browser(person).get("/me/identity/").status_code == 200


def test_declining_says_why(cast, person) -> None:
    _ask(person)
    case = IdentityCorrection.objects.get()
    assert _step(cast.county, case, "decline").status_code == 422
    _step(cast.county, case, "decline", "扫描件不清楚，请重新上传")
    case.refresh_from_db()
    assert case.state == CorrectionState.DECLINED
    assert "扫描件不清楚" in Notice.objects.get(user=person.user).text


def test_another_county_sees_nothing_and_the_bureau_acts_only_where_nobody_is_left(cast, person) -> None:
    address = _ask(person)["Location"]
    case = IdentityCorrection.objects.get()
    elsewhere = make_capacity(Role.OFFICER, cast.songshan)
    assert _browser(elsewhere).get(address).status_code == 404
    assert _browser(cast.officer).get(address).status_code == 404, "the school has no part in it"
    assert _browser(cast.bureau).get(address).status_code == 200
    assert _step(cast.bureau, case, "correct").status_code == 403
    assert _browser(cast.bureau).post(f"{address}numbers/").status_code == 403
    Appointment.objects.filter(pk=cast.county.appointment.pk).update(ends=date(2020, 2, 1))
    assert _step(cast.bureau, case, "correct", "县里无经办人，代为核对").status_code == 302
    assert Entry.objects.of(case).order_by("-sequence").first().label == "核对无误，更正（代办）"


def test_who_has_no_record_asks_for_nothing(cast) -> None:
    assert _browser(cast.county).get("/me/identity/").status_code == 404


def test_an_officer_corrects_a_record_they_keep_with_the_same_check(cast, acting) -> None:
    browser, address = acting(cast.county), f"/registry/principals/{cast.principal.pk}/edit/"
    form = browser.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}
    fields |= {"school": cast.school.name, "version": browser.get(address).context["version"]}
    assert cast.principal.identity not in browser.get(address).content.decode()
    bad = browser.post(address, fields | {"identity": cast.stranger.identity})
    assert "另一份校长档案已登记" in bad.content.decode()
    assert browser.post(address, fields | {"identity": RIGHT}).status_code == 302
    cast.principal.refresh_from_db()
    assert (cast.principal.identity, cast.principal.birth_month) == (RIGHT, date(1979, 5, 1))
    facts = Entry.objects.of(cast.principal).get().facts
    assert facts["身份证号"][1] == cast.principal.masked_identity
    assert RIGHT not in str(facts)


def test_the_case_page_asks_the_database_as_often_whatever_it_shows(cast, person) -> None:
    browser, address = _browser(cast.county), _ask(person)["Location"]
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(address)
    assert len(queries) == 7


def test_the_list_shows_the_authority_its_schools_and_the_bureau_all(cast, person) -> None:
    _ask(person)
    for me, shown in ((cast.county, True), (cast.bureau, True)):
        page = _browser(me).get("/corrections/").content.decode()
        assert (cast.principal.name in page) is shown
        assert RIGHT not in page
    assert _browser(person).get("/corrections/").status_code == 403
    neighbour = make_capacity(Role.OFFICER, cast.songshan)
    assert cast.principal.name not in _browser(neighbour).get("/corrections/").content.decode()
    assert 'href="/corrections/"' in _browser(cast.county).get("/registry/principals/").content.decode()
    assert _browser(cast.county).get("/corrections/?waiting=1").context["page_obj"].paginator.count == 1


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_the_same_of_one_row_and_of_three(cast, person, more: int) -> None:
    _ask(person)
    for _ in range(more):
        _step(person, IdentityCorrection.objects.get(state=CorrectionState.ASKED), "withdraw")
        _ask(person)
    browser = _browser(cast.county)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/corrections/")
    assert len(page.context["page_obj"].object_list) == 1 + more
    assert len(asked) == 8
