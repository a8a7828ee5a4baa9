"""第一条　根据《中共赤峰市委 赤峰市人民政府关于全面深化新时代教师队伍建设改革的实施意见》（赤党发〔2019〕13号）
文件精神，为进一步加强我市校长队伍建设，充分发挥我市名校长的引领、示范和辐射作用，做好名校长工作室的建设和管理工作，
特制定本办法。
"""

import pytest

from accounts.models import Role
from applications.models import Call
from office.jobs import run_due
from office.models import OfficialDocument
from programmes.models import Article
from tests.factories.accounts import make_bureau, make_county
from tests.factories.applications import DURING, browser_of, make_application, make_call, someone
from tests.factories.rounds import ANNOUNCED_ON, bring_on, on
from tests.office.printed import read

pytestmark = pytest.mark.django_db

BASIS = "《中共赤峰市委 赤峰市人民政府关于全面深化新时代教师队伍建设改革的实施意见》（赤党发〔2019〕13号）"
LATER_BASIS = "《赤峰市人民政府关于加强中小学校长队伍建设的意见》（赤政发〔2026〕9号）"


def printed(document: OfficialDocument) -> str:
    """What stands on the sheets, without spaces and line ends."""
    with document.pdf.open() as file:
        return "".join("".join(page.text.split()) for page in read(file.read()))


def notice_of(call: Call) -> str:
    return printed(OfficialDocument.objects.get(kind="call_notice", object_id=call.pk))


def without_spaces(words: str) -> str:
    return "".join(words.split())


# 根据……文件精神


def test_the_basis_of_the_programme_is_the_one_the_measures_name() -> None:
    programme = make_call().programme
    assert programme.basis == BASIS
    assert programme.basis in Article.objects.get(measures=programme.measures, number=1).text


def test_the_notice_that_opens_a_call_cites_basis_and_measures() -> None:
    call = make_call()
    run_due(DURING)
    assert (
        f"根据{without_spaces(BASIS)}精神和《赤峰市名校长工作室建设与管理办法》（以下简称《办法》）"
        in notice_of(call)
    )


def test_the_document_that_founds_studios_cites_them_too() -> None:
    bring_on(make_application(make_call()), "announced")
    run_due(ANNOUNCED_ON)
    words = printed(OfficialDocument.objects.get(kind="announcement"))
    assert "赤峰市名校长工作室建设与管理办法" in words


def test_a_new_basis_is_cited_from_the_next_document_on_and_what_is_issued_stays() -> None:
    """The officer types it among the parameters; nothing in the program holds the words."""
    earlier = make_call()
    officer = browser_of(someone(Role.OFFICER, make_bureau()))
    form = officer.get("/programme/").context["form"]
    given = {name: form[name].value() for name in form.fields} | {"basis": LATER_BASIS}
    officer.post("/programme/", {name: value for name, value in given.items() if value not in (None, False)})
    later = make_call(at=on(2027, 3, 2))
    run_due(on(2027, 3, 3))
    assert without_spaces(LATER_BASIS) in notice_of(later)
    assert without_spaces(BASIS) in notice_of(earlier)
    assert without_spaces(LATER_BASIS) not in notice_of(earlier)


def test_a_county_cites_what_its_own_programme_rests_on() -> None:
    county = make_county("敖汉旗")
    programme = make_call(county, opened=False).programme
    programme.basis = "《敖汉旗关于加强校长队伍建设的意见》（敖党发〔2025〕8号）"
    programme.save(update_fields=["basis"])
    call = make_call(county)
    run_due(DURING)
    assert "（敖党发〔2025〕8号）精神" in notice_of(call)
    assert "赤党发" not in notice_of(call)


# 引领、示范和辐射作用


def test_everybody_reads_the_article_as_it_was_issued(client) -> None:
    make_call()
    page = client.get("/articles/1/").content.decode()
    assert "赤党发〔2019〕13号" in page
    assert "充分发挥我市名校长的引领、示范和辐射作用" in page
