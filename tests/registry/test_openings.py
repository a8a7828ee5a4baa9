"""Accounts for many at once: only what is missing, slips once and only for whoever made them, no password anywhere."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from accounts.models import Appointment, Principal, Role, User
from office import jobs
from office.models import Entry, Job
from office.paper import engine
from portal.registry import shelf
from portal.registry import slips as storage
from portal.registry.views import openings as views
from tests.factories.accounts import make_capacity, make_principal, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]

PRINCIPALS = "/registry/accounts/principals/"
OFFICERS = "/registry/accounts/officers/"


def _slips(browser, page: str, kind: str = "xlsx"):
    return browser.post(f"{page}slips/", {"format": kind})


def _rows(response) -> list[tuple]:
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))[1:]


def _sheet(*rows: tuple[str, str]) -> SimpleUploadedFile:
    book = Workbook()
    for row in (("学校名称", "姓名"), *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("officers.xlsx", file.getvalue())


def _everything_stored() -> str:
    """Every text of every table, as somebody who reads the database would see it."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(str(cursor.fetchall()))
    return "\n".join(found)


def test_principals_chosen_on_the_list_get_accounts_and_log_in(cast, acting) -> None:
    """As a county's officer does it: choose, look, confirm, take the slips; the principal then logs in."""
    make_principal(cast.school, "吴副校", head=False)
    browser = acting(cast.county)
    chosen = Principal.objects.values_list("pk", flat=True)
    page = browser.post(PRINCIPALS, {"pk": list(chosen)})["Location"]
    preview = browser.get(page).content.decode()
    assert "周校长" in preview
    assert "现任副职" in preview
    assert "钱校长" not in preview, "a principal of another county"
    assert not User.objects.filter(username="zhouxiaozhang01").exists(), "a preview opens nothing"
    browser.post(f"{page}open/")
    response = _slips(browser, page)
    assert response["Cache-Control"] == "no-store"
    ((name, school, role, _, username, password),) = _rows(response)
    assert (name, school, role, username) == ("周校长", "红山区第一小学", "校长", "zhouxiaozhang01")
    cast.principal.refresh_from_db()
    held = cast.principal.user.appointments.get()
    assert (held.role, held.organisation, held.starts) == (Role.PRINCIPAL, cast.school, timezone.localdate())
    theirs = Client()
    theirs.post(reverse("login"), {"username": username, "password": password})
    assert theirs.get("/desk/")["Location"] == reverse("password")


def test_history_says_who_opened_which_account_and_no_password_is_stored(cast, acting, caplog) -> None:
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    password = storage.find(page.split("/")[3], cast.county).opened[0].password
    user = User.objects.get(username="zhouxiaozhang01")
    (entry,) = Entry.objects.of(user)
    assert (entry.label, entry.user) == ("建立账号", cast.county.user)
    assert entry.facts["任职"] == ["", "红山区第一小学·校长"]
    assert Entry.objects.of(cast.principal).get().facts == {"用户名": ["", "zhouxiaozhang01"]}
    assert user.check_password(password)
    assert password not in _everything_stored()
    assert password not in caplog.text


def test_the_slips_are_taken_once_and_by_nobody_else(cast, acting) -> None:
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    (file,) = Path(storages["shelf"].path("openings")).iterdir()
    assert "周校长".encode() not in file.read_bytes(), "encrypted on the disk"
    colleague = Client()
    colleague.force_login(make_capacity(Role.OFFICER, cast.hongshan).user)
    User.objects.update(must_change_password=False)
    assert colleague.get(page).status_code == 404
    assert _slips(colleague, page).status_code == 404
    assert _slips(browser, page).status_code == 200
    assert not file.exists()
    assert _slips(browser, page).status_code == 404
    assert browser.get(page).status_code == 404


def test_slips_that_nobody_takes_are_gone_after_a_day(cast, acting) -> None:
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    shelf.sweep(timezone.now())
    assert len(list(Path(storages["shelf"].path("openings")).iterdir())) == 1
    shelf.sweep(timezone.now() + shelf.KEPT_FOR * 2)
    assert not list(Path(storages["shelf"].path("openings")).iterdir())
    assert browser.get(page).status_code == 404


def test_the_slips_are_printed_for_each_person_with_all_they_need(cast, acting) -> None:
    if reason := engine.available():
        pytest.skip(reason)
    for name in ("钱一", "钱二", "钱三", "钱四", "钱五", "钱六", "钱七", "钱八", "钱九", "钱十"):
        make_principal(make_school(cast.hongshan), name)
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    opened = storage.find(page.split("/")[3], cast.county).opened
    response = _slips(browser, page, "pdf")
    pages = PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    assert len(pages) == 2, "ten to a sheet"
    printed = "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")
    for one in opened:
        assert one.username in printed
        assert one.password in printed


def test_a_second_run_opens_only_what_is_missing(cast, acting) -> None:
    browser = acting(cast.bureau)
    first = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    second = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{first}open/")
    browser.post(f"{first}open/")
    count = User.objects.count()
    browser.post(f"{second}open/")
    assert User.objects.count() == count, "the second batch was chosen before the first was opened"
    again = browser.post(PRINCIPALS, {"all": "1"}, follow=True)
    assert "没有需要建立的账号" in again.content.decode()
    make_principal(cast.school, "周校长", phone="")
    third = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    assert "该校已有同名的账号" in browser.get(third).content.decode()


def test_namesakes_get_numbers_of_their_own(cast, acting) -> None:
    User.objects.create(username="ZhouXiaoZhang01", name="别人")
    make_principal(make_school(cast.hongshan), "周校长")
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    assert sorted(row[4] for row in _rows(_slips(browser, page))) == ["zhouxiaozhang02", "zhouxiaozhang03"]


def test_all_that_the_filters_leave(cast, acting) -> None:
    browser = acting(cast.bureau)
    page = browser.post(PRINCIPALS, {"query": f"county={cast.songshan.pk}"})["Location"]
    shown = browser.get(page).content.decode()
    assert "钱校长" in shown
    assert "周校长" not in shown
    listed = browser.get("/registry/principals/", {"account": "0"})
    assert "为筛选出的" in listed.content.decode()


def test_many_accounts_are_left_to_the_worker_and_found_again(cast, acting, monkeypatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    browser.post(f"{page}open/")
    (job,) = Job.objects.filter(kind="open-accounts")
    assert "等待中" in browser.get(page).content.decode()
    jobs.run_due(timezone.now())
    job.refresh_from_db()
    assert (job.state, job.done, job.file.name) == (Job.State.DONE, 1, "")
    assert page in browser.get("/registry/accounts/").content.decode()
    Job.objects.update(state=Job.State.WAITING, attempts=0)
    jobs.run_due(timezone.now())
    ((*_, username, password),) = _rows(_slips(browser, page))
    assert User.objects.get(username=username).check_password(password), "a second run keeps the slips"
    assert page not in browser.get("/registry/accounts/").content.decode()


def test_who_lost_the_office_meanwhile_opens_nothing(cast, acting, monkeypatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    browser.post(f"{page}open/")
    Appointment.objects.filter(pk=cast.county.appointment.pk).update(ends="2020-12-31")
    jobs.run_due(timezone.now())
    assert "任职已经结束" in Job.objects.get().message
    assert not User.objects.filter(username="zhouxiaozhang01").exists()


def test_school_officers_from_a_sheet_one_for_each_school(cast, acting) -> None:
    new, other = make_school(cast.hongshan, "红山区第九小学"), make_school(cast.hongshan, "红山区第十小学")
    make_capacity(Role.PRINCIPAL, other, "郑校长")
    file = _sheet(
        ("红山区 第九小学", "冯 新"),
        ("红山区第九小学", "冯二"),
        ("红山区第一小学", "冯三"),
        ("松山区第一小学", "冯四"),
        ("没有的学校", "冯五"),
        ("红山区第十小学", "郑校长"),
    )
    browser = acting(cast.county)
    page = browser.post(OFFICERS, {"file": file})["Location"]
    batch = storage.find(page.split("/")[3], cast.county)
    assert {(one.name, one.problem) for one in batch.wanted} == {
        ("冯新", ""),
        ("冯二", "该校在本批中重复"),
        ("冯三", "该校已有经办人"),
        ("冯四", "没有这所学校，或者不由您管理"),
        ("冯五", "没有这所学校，或者不由您管理"),
        ("郑校长", "此人在该校已有账号，请为其新增任职"),
    }
    browser.post(f"{page}open/")
    assert [row[:3] for row in _rows(_slips(browser, page))] == [("冯新", "红山区第九小学", "经办")]
    assert Appointment.objects.get(organisation=new, role=Role.OFFICER).user.username == "fengxin01"


def test_school_officers_from_the_contacts_of_the_schools(cast, acting) -> None:
    make_school(cast.hongshan, "红山区第九小学", contact="冯新")
    make_school(cast.songshan, "松山区第九小学", contact="冯松")
    make_school(cast.hongshan, "红山区第十小学")
    browser = acting(cast.county)
    assert "其中 1 所登记了联系人" in browser.get("/registry/accounts/").content.decode()
    page = browser.post(OFFICERS, {"contacts": "1"})["Location"]
    browser.post(f"{page}open/")
    assert [row[0] for row in _rows(_slips(browser, page))] == ["冯新"]


def test_a_file_that_is_no_sheet_is_refused_with_its_reason(cast, acting) -> None:
    browser = acting(cast.county)
    response = browser.post(OFFICERS, {"file": SimpleUploadedFile("x.xlsx", b"no sheet")})
    assert response.status_code == 422
    assert "没有建立任何账号" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_asks_no_more_for_more_rows(cast, acting, django_assert_num_queries, rows) -> None:
    for number in range(rows - 1):
        make_principal(make_school(cast.hongshan), f"郑校{number}")
    browser = acting(cast.county)
    page = browser.post(PRINCIPALS, {"all": "1"})["Location"]
    with django_assert_num_queries(3):
        browser.get(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_of_principals_and_appointments_ask_no_more_for_more_rows(
    cast, acting, django_assert_num_queries, rows
) -> None:
    for number in range(rows - 1):
        school = make_school(cast.hongshan)
        make_principal(school, f"郑校{number}")
        make_capacity(Role.OFFICER, school)
    browser = acting(cast.county)
    with django_assert_num_queries(8):
        browser.get("/registry/principals/")
    with django_assert_num_queries(4):
        browser.get("/registry/appointments/")
