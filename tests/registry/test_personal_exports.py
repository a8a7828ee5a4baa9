"""Personal data that leaves as a file: who took it stands in the history, and the security auditor is told."""

import pytest

from accounts.models import Role
from office.models import Entry, Notice, NoticeKind
from tests.factories.accounts import make_capacity
from tests.registry.importing import confirm, given, sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def auditor(cast):
    return make_capacity(Role.SECURITY, cast.bureau.organisation, "安审计").user


def test_an_export_of_principals_is_written_down_and_told(cast, acting, auditor) -> None:
    browser = acting(cast.county)
    rows = sheet_of(browser.get("/registry/principals/?export=xlsx&search=周"))
    assert len(rows) == 2
    assert cast.principal.identity not in str(rows), "identity numbers leave masked"
    entry = Entry.objects.of(cast.county.user).get()
    assert (entry.label, entry.facts["行数"]) == ("导出校长档案", 1)
    notice = Notice.objects.get(user=auditor)
    assert notice.kind == NoticeKind.SECURITY
    assert notice.text == "赵红山（红山区教育局·经办）导出了校长档案"
    assert browser.get("/registry/principals/").status_code == 200
    assert Entry.objects.of(cast.county.user).count() == 1, "looking takes nothing away"


def test_slips_taken_away_are_told_without_what_they_say(cast, acting, auditor) -> None:
    browser = acting(cast.bureau)
    heading = ["姓名", "机构", "角色"]
    batch = confirm(browser, given(browser, "people", heading, ["李经办", "红山", "经办"]))
    password = sheet_of(browser.post(f"{batch}slips/", {"format": "xlsx"}))[1][5]
    entry = Entry.objects.of(cast.bureau.user).get()
    assert (entry.label, entry.facts) == ("导出账号通知单", {"份数": 1})
    assert "导出了账号通知单" in Notice.objects.get(user=auditor).text
    assert password not in str(entry.facts)
