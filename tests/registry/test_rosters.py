"""Rosters as they are: what is understood, what is refused and why, and that twice is once."""

import io
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.capacity import CLOCK
from accounts.ground import lay
from accounts.models import Organisation, Principal
from office import jobs
from office.models import Entry, Job
from office.sheets import read_table
from portal.registry import kept as storage
from portal.registry import shelf
from portal.registry.roster import CHANGED, NEW, SAME, Outcome
from portal.registry.rosters import ROSTERS
from portal.registry.views import rosters as views
from programmes.ground import lay as lay_programme
from tests.registry import rosters

pytestmark = [pytest.mark.django_db, pytest.mark.core]

GIVEN = Path(settings.BASE_DIR).parent / "shared" / "data"
with_given = pytest.mark.skipif(
    not GIVEN.exists(), reason="the bureau's own rosters (../shared/data) do not lie beside this checkout"
)


def _run(kind: str, file: io.BytesIO, *, commit: bool = False, me=CLOCK) -> Outcome:
    resource = ROSTERS[kind](me, timezone.now())
    dataset = read_table(file, resource.columns).dataset()
    return resource.commit(dataset) if commit else resource.preview(dataset)


@pytest.fixture
def schools(db: None) -> None:
    lay()
    _run("schools", rosters.schools(), commit=True)


def _reasons(outcome: Outcome) -> dict[int, str]:
    return {line.row: "；".join(line.reasons) for line in outcome.refused}


def _each_names(outcome: Outcome, expected: dict) -> bool:
    reasons = _reasons(outcome)
    return reasons.keys() == expected.keys() and all(
        sentence in reasons[number] for number, (_, sentence) in expected.items()
    )


def test_a_preview_of_schools_writes_nothing() -> None:
    lay()
    before = Organisation.objects.count()
    outcome = _run("schools", rosters.schools())
    assert outcome.count(NEW) == 5
    assert _each_names(outcome, rosters.BAD_SCHOOLS), _reasons(outcome)
    assert Organisation.objects.count() == before
    assert not Entry.objects.exists()


def test_schools_are_understood_in_every_spelling(schools: None) -> None:
    school = Organisation.objects.get(name="红山区桥东小学")
    assert (school.school_code, school.parent.code, school.weak) == ("2115000101", "150402", False)
    assert Organisation.objects.get(school_code="2115000102").weak
    assert Organisation.objects.get(school_code="2115000103").parent.code == "150426"
    assert Organisation.objects.get(school_code="2115000104").parent.code == "150400"
    assert Organisation.objects.get(name="巴林左旗林东完全中学").school_code is None
    assert Entry.objects.of(school).get().facts["主管部门"] == ["", "红山区"]


def test_a_second_run_changes_nothing_and_refuses_the_same_rows(schools: None) -> None:
    entries = Entry.objects.count()
    outcome = _run("schools", rosters.schools(), commit=True)
    assert (outcome.count(SAME), outcome.count(NEW, CHANGED)) == (5, 0)
    assert _each_names(outcome, rosters.BAD_SCHOOLS), _reasons(outcome)
    assert Entry.objects.count() == entries


def test_a_changed_row_shows_old_and_new_and_records_both(schools: None) -> None:
    outcome = _run("schools", rosters.schools(contact="新老师"), commit=True)
    changed = [line for line in outcome.lines if line.outcome == CHANGED]
    assert {line.row for line in changed} == {4, 5, 7, 8, 9}
    assert changed[0].changes == [("联系人", "何老师", "新老师")]
    school = Organisation.objects.get(name="红山区桥东小学")
    assert Entry.objects.of(school).last().facts == {"联系人": ["何老师", "新老师"]}


def test_a_school_is_renamed_by_its_code_under_its_own_authority_only(schools: None) -> None:
    heading = rosters.SCHOOL_HEADING
    rows = [
        [1, "红山区桥东第一小学", "2115000101", "红山", "小学", "城区", "否", None, None, None],
        [2, "宁城县夺码小学", "2115000102", "宁城县", "幼儿园", "镇区", "是", None, None, None],
    ]
    outcome = _run("schools", rosters.workbook([heading, *rows]), commit=True)
    assert outcome.lines[0].changes == [("学校（园）名称", "红山区桥东小学", "红山区桥东第一小学")]
    assert "已被“克什克腾旗经棚幼儿园”使用" in _reasons(outcome)[3]
    assert Organisation.objects.get(school_code="2115000101").initials == "hsqqddyxx"


def test_principals_are_understood_in_every_spelling(schools: None) -> None:
    outcome = _run("principals", rosters.principals(), commit=True)
    assert outcome.count(NEW) == 5
    assert _each_names(outcome, rosters.BAD_PRINCIPALS), _reasons(outcome)
    first = Principal.objects.get(name="包·格日乐图")
    assert (first.phone, first.political_status, first.education) == ("19900003565", "中共党员", "bachelor")
    assert (first.birth_month, first.head, first.famous) == (date(1974, 7, 1), True, True)
    deputy = Principal.objects.get(name="宋海")
    assert (deputy.head, deputy.head_since, deputy.sex) == (False, None, "f")
    derived = Principal.objects.get(name="马丽文")
    assert (derived.birth_month, derived.sex, derived.ethnicity) == (date(1970, 9, 1), "m", "汉族")
    facts = Entry.objects.of(first).get().facts
    assert facts["身份证号"] == ["", first.masked_identity]
    assert first.identity not in str(facts)


def test_principals_twice_are_once(schools: None) -> None:
    _run("principals", rosters.principals(), commit=True)
    entries = Entry.objects.count()
    outcome = _run("principals", rosters.principals(), commit=True)
    assert (outcome.count(SAME), outcome.count(NEW, CHANGED)) == (5, 0)
    assert Entry.objects.count() == entries


def test_a_principal_who_moved_is_known_by_identity(schools: None) -> None:
    _run("principals", rosters.principals(), commit=True)
    outcome = _run("principals", rosters.principals(所在学校="克什克腾旗经棚幼儿园", 职称=None), commit=True)
    changed = [line for line in outcome.lines if line.outcome == CHANGED]
    assert changed[0].changes == [("所在学校", "红山区桥东小学", "克什克腾旗经棚幼儿园")]
    moved = Principal.objects.get(name="包·格日乐图")
    assert (moved.school.name, moved.title) == ("克什克腾旗经棚幼儿园", "高级教师")


def test_principals_without_schools_are_all_refused() -> None:
    outcome = _run("principals", rosters.principals())
    assert outcome.accepted == 0
    assert "不在学校名录中" in _reasons(outcome)[4]


def test_a_county_imports_its_own_schools_only(cast) -> None:
    outcome = _run("schools", rosters.schools(), me=cast.county)
    assert {line.row for line in outcome.lines if line.outcome == NEW} == {4}
    assert "只能导入本旗县区的学校" in _reasons(outcome)[5]


@with_given
@pytest.mark.parametrize("commit", [False, True])
def test_the_given_rosters_give_what_is_expected(commit: bool) -> None:
    out = StringIO()
    options = ["--commit"] if commit else []
    call_command("import_roster", "schools", str(GIVEN / "schools.xlsx"), *options, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:2] == ["accepted: 160", "refused: 5"]
    rows = ["第 11 行", "第 19 行", "第 26 行", "第 34 行", "第 56 行"]
    assert [line.split(" ", 3)[:3] for line in lines[2:]] == [row.split(" ") for row in rows]
    assert Organisation.objects.schools().count() == (160 if commit else 0)


@with_given
def test_the_given_principals_give_what_is_expected_and_twice_is_once() -> None:
    call_command("import_roster", "schools", str(GIVEN / "schools.xlsx"), "--commit", stdout=StringIO())
    for _ in range(2):
        out = StringIO()
        call_command("import_roster", "principals", str(GIVEN / "principals.xlsx"), "--commit", stdout=out)
        lines = out.getvalue().splitlines()
        assert lines[:2] == ["accepted: 160", "refused: 6"]
        expected = [
            "校验码不正确",
            "不在学校名录中",
            "与第 4 行重复",
            "出生年月与身份证号不一致",
            "没有姓名",
            "10 位",
        ]
        assert [sentence in line for sentence, line in zip(expected, lines[2:], strict=True)] == [True] * 6
    assert Principal.objects.count() == 160
    assert Entry.objects.count() == 320


def test_a_file_that_is_no_workbook_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("x")
    with pytest.raises(CommandError, match="不是 Excel"):
        call_command("import_roster", "schools", str(path))


def _upload(browser, kind: str, file: io.BytesIO):
    sent = SimpleUploadedFile("名册.xlsx", file.getvalue())
    return browser.post(reverse("registry:roster", args=[kind]), {"file": sent})


def test_in_the_browser_nothing_is_written_before_the_confirmation(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = _upload(browser, "schools", rosters.schools())["Location"]
    page = browser.get(address)
    assert page.context["counts"] == {"new": 5, "changed": 0, "same": 0, "refused": 7}
    assert "主管部门“红山北区”不在机构名录中" in page.content.decode()
    assert not Organisation.objects.filter(name="红山区桥东小学").exists()
    assert browser.post(f"{address}confirm/").status_code == 302
    school = Organisation.objects.get(name="红山区桥东小学")
    assert Entry.objects.of(school).get().user == cast.bureau.user
    assert browser.get(address).context["counts"] == {"new": 0, "changed": 0, "same": 5, "refused": 7}


def test_refused_rows_come_back_as_excel_with_their_reasons(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = _upload(browser, "schools", rosters.schools())["Location"]
    response = browser.get(f"{address}refused/")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][-1] == "未导入原因"
    assert len(rows) == 8
    assert "红山北区" in rows[2][-1]
    again = io.BytesIO(b"".join(browser.get(f"{address}refused/").streaming_content))
    assert len(_run("schools", again).lines) == 7


def test_what_changed_after_the_preview_is_shown_before_anything_is_written(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = _upload(browser, "schools", rosters.schools())["Location"]
    taken = Organisation(kind="support", name="红山区桥东小学")
    taken.set_keys()
    taken.save()
    page = browser.post(f"{address}confirm/", follow=True)
    assert "预览之后名录有变动" in page.content.decode()
    assert page.context["counts"]["refused"] == 7
    assert not Organisation.objects.filter(name="克什克腾旗经棚幼儿园").exists()


def test_a_kept_roster_is_its_owners_alone_and_unreadable_on_the_disk(cast, acting) -> None:
    _run("schools", rosters.schools(), commit=True)
    address = _upload(acting(cast.bureau), "principals", rosters.principals())["Location"]
    assert acting(cast.county).get(address).status_code == 404
    assert acting(cast.bureau).get(address.replace("principals", "schools")).status_code == 404
    (file,) = Path(storages["shelf"].path("rosters")).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "身份证号" not in file.read_bytes().decode()
    page = acting(cast.bureau).get(address).content.decode()
    identity = rosters.GOOD_PRINCIPALS[4][4]
    assert identity not in page
    assert f"{identity[:6]}********{identity[-4:]}" in page


def test_a_hostile_file_is_refused_on_the_page(cast, acting) -> None:
    response = _upload(acting(cast.bureau), "schools", io.BytesIO(b"%PDF-1.7"))
    assert response.status_code == 422
    assert "不是 Excel 工作簿" in response.content.decode()


def test_a_school_does_not_import(cast, acting) -> None:
    assert _upload(acting(cast.officer), "schools", rosters.schools()).status_code == 403


def test_the_template_is_understood_by_the_reader(cast, acting) -> None:
    lay_programme(cast.bureau.organisation)  # its owner imports holidays and experts too
    browser = acting(cast.bureau)
    for kind, resource in ROSTERS.items():
        response = browser.get(reverse("registry:roster_template", args=[kind]))
        table = read_table(io.BytesIO(b"".join(response.streaming_content)), resource.columns)
        assert table.columns == [column.name for column in resource.columns]


def test_a_long_roster_is_previewed_and_written_by_the_worker(cast, acting, monkeypatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 3)
    browser = acting(cast.bureau)
    address = _upload(browser, "schools", rosters.schools())["Location"]
    assert browser.get(address).context["stage"] == "running"
    jobs.run_due(timezone.now())
    assert browser.get(address).context["counts"]["new"] == 5
    browser.post(f"{address}confirm/")
    jobs.run_due(timezone.now())
    assert Organisation.objects.filter(name="红山区桥东小学").exists()
    written = Job.objects.get(kind="roster-write")
    assert (written.state, written.file_name) == (Job.State.DONE, "未导入的行.xlsx")


def test_rosters_older_than_a_day_are_gone(cast) -> None:
    kept = storage.Kept(
        "schools", cast.bureau.user_id, "x.xlsx", read_table(rosters.schools(), ROSTERS["schools"].columns)
    )
    now = timezone.now()
    old = storage.keep(kept, now)
    assert storage.find(old, "schools", cast.bureau.user_id) == kept
    storage.keep(kept, now + shelf.KEPT_FOR * 2)
    assert storage.find(old, "schools", cast.bureau.user_id) is None
    assert storage.find("../../etc/passwd", "schools", cast.bureau.user_id) is None
