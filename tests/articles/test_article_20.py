"""第二十条　本办法由市教育局负责解释。"""

from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.capacity import Capacity
from accounts.models import Role
from office import desk
from office.door import Moved, take
from office.models import Entry, Notice
from portal.interpretations.asking import ask, volunteer
from portal.interpretations.flow import INTERPRETATION
from programmes.ground import lay
from programmes.models import Article, Interpretation, InterpretationState
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import browser_of, someone
from tests.factories.rounds import on, refusal

pytestmark = pytest.mark.django_db

S = InterpretationState
ASKED_ON, ANSWERED_ON, PUBLISHED_ON = on(2026, 3, 2), on(2026, 3, 4), on(2026, 3, 5)
QUESTION = "我校副校长主持工作，能作为成员吗？"
WORDING = "主持工作的副校长能作为成员吗？"
ANSWER = "原则上应为正职校长；主持工作的副校长属于例外，须说明理由。"


@pytest.fixture(autouse=True)
def measures() -> None:
    """The bureau's measures, and no page kept for another test."""
    lay(make_bureau())
    cache.clear()


def officer() -> Capacity:
    return someone(Role.OFFICER, make_bureau())


def leader() -> Capacity:
    return someone(Role.LEADER, make_bureau())


def article(number: int) -> Article:
    return Article.objects.get(number=number)


def asked(me: Capacity | None = None, number: int = 6, also: tuple[int, ...] = ()) -> Interpretation:
    case = Interpretation(article=article(number), question=QUESTION)
    me = me or make_capacity(Role.OFFICER, make_school())
    return ask(case, [article(other) for other in also], me, ASKED_ON)


def step(
    case: Interpretation, name: str, me: Capacity, at: datetime, opinion: str = "", **given: object
) -> Interpretation:
    """One step, and the case as it then is."""
    take(INTERPRETATION, name, case.pk, me, at, opinion, given)
    return Interpretation.objects.get(pk=case.pk)


def drafted(case: Interpretation, **given: object) -> Interpretation:
    given = {"wording": WORDING, "answer": ANSWER} | given
    return step(case, "answer", officer(), ANSWERED_ON, **given)


def published(case: Interpretation, at: datetime = PUBLISHED_ON) -> Interpretation:
    return step(case, "publish", leader(), at, opinion="同意公布。")


def shown(address: str) -> str:
    """What the public reads."""
    return Client().get(address).content.decode()


@pytest.mark.core
@pytest.mark.parametrize("role", [Role.OFFICER, Role.PRINCIPAL])
def test_a_school_or_a_principal_asks_and_the_answer_hangs_on_the_article_without_a_name(role: str) -> None:
    me = make_capacity(role, make_school(name="红山区清泉小学"), "王志远")
    case = published(drafted(asked(me, also=(9,))))
    for address in ("/articles/6/", "/articles/9/", "/articles/interpretations/"):
        page = shown(address)
        assert WORDING in page
        assert ANSWER in page
        for private in (QUESTION, "王志远", "清泉小学"):
            assert private not in page
    assert WORDING not in shown("/articles/10/")
    assert "解读 1 条" in shown("/articles/")
    assert f'id="interpretation-{case.pk}"' in shown("/articles/6/")


def test_nothing_is_public_before_the_leader_publishes_it() -> None:
    case = asked()
    assert QUESTION not in shown("/articles/6/")
    drafted(case)
    assert ANSWER not in shown("/articles/6/")
    assert ANSWER not in shown("/articles/interpretations/?q=副校长")


def test_a_question_stands_on_the_officers_desk_then_on_the_leaders_and_the_asker_is_told() -> None:
    bureau, chief, me = officer(), leader(), make_capacity(Role.OFFICER, make_school())
    case = asked(me)
    assert [row.prompt for row in desk.waiting(bureau, ANSWERED_ON)] == ["答复提问"]
    assert desk.waiting(chief, ANSWERED_ON) == []
    drafted(case)
    assert desk.waiting(bureau, PUBLISHED_ON) == []
    assert [row.prompt for row in desk.waiting(chief, PUBLISHED_ON)] == ["签发解读"]
    published(case)
    assert desk.waiting(chief, PUBLISHED_ON) == []
    assert (
        Notice.objects.filter(user=me.user).get().text == "您就办法第六条的提问已经答复，解读公布在该条之下"
    )
    assert [entry.label for entry in Entry.objects.of(case)] == ["提问", "拟写解读", "公布解读"]


def test_what_concerns_one_alone_is_answered_to_the_asker_and_to_nobody_else() -> None:
    me, other = make_capacity(Role.OFFICER, make_school()), make_capacity(Role.OFFICER, make_school())
    case = step(drafted(asked(me)), "reply", leader(), PUBLISHED_ON)
    assert case.state == S.TOLD
    assert ANSWER in browser_of(me).get(case.get_absolute_url()).content.decode()
    assert browser_of(other).get(case.get_absolute_url()).status_code == 404
    assert ANSWER not in shown("/articles/6/")


def test_the_asker_reads_neither_draft_nor_the_offices_opinions() -> None:
    me = make_capacity(Role.OFFICER, make_school())
    case = drafted(asked(me))
    page = browser_of(me).get(case.get_absolute_url()).content.decode()
    assert ANSWER not in page
    assert "等待赤峰市教育局办理" in page
    published(case)
    page = browser_of(me).get(case.get_absolute_url()).content.decode()
    assert ANSWER in page
    assert "同意公布。" not in page


def test_a_question_that_is_no_matter_of_the_measures_is_declined_with_the_reason_to_the_asker() -> None:
    me = make_capacity(Role.OFFICER, make_school())
    case = asked(me)
    assert refusal(INTERPRETATION, "decline", case, officer(), opinion="") == ["请填写意见"]
    step(case, "decline", officer(), ANSWERED_ON, opinion="属于职称政策，请向人事科咨询。")
    assert "请向人事科咨询" in browser_of(me).get(case.get_absolute_url()).content.decode()
    assert "请向人事科咨询" in Notice.objects.get(user=me.user).text


def test_the_asker_may_take_the_question_back_until_it_is_answered() -> None:
    me = make_capacity(Role.OFFICER, make_school())
    assert step(asked(me), "take_back", me, ANSWERED_ON).state == S.WITHDRAWN
    case = drafted(asked(me))
    with pytest.raises(Moved):
        step(case, "take_back", me, ANSWERED_ON)


def test_nobody_but_the_bureau_interprets() -> None:
    case = asked()
    for me in (
        make_capacity(Role.OFFICER, make_county()),
        make_capacity(Role.LEADER, make_county()),
        make_capacity(Role.FINANCE, make_bureau()),
    ):
        with pytest.raises((PermissionDenied, Interpretation.DoesNotExist)):
            step(case, "answer", me, ANSWERED_ON, wording=WORDING, answer=ANSWER)
        assert browser_of(me).get("/interpretations/new/").status_code == 403
    with pytest.raises(PermissionDenied):
        step(case, "answer", leader(), ANSWERED_ON, wording=WORDING, answer=ANSWER)
    with pytest.raises(PermissionDenied):
        step(drafted(case), "publish", officer(), PUBLISHED_ON, "同意。")


def test_an_empty_answer_goes_nowhere_and_the_leader_may_send_a_draft_back() -> None:
    case = asked()
    assert refusal(INTERPRETATION, "answer", case, officer(), wording=WORDING, answer=" ") == [
        "请先填写解读（第二十条）"
    ]
    case = step(drafted(case), "send_back", leader(), PUBLISHED_ON, opinion="请写明依据。")
    assert case.state == S.ASKED
    assert published(drafted(case)).state == S.PUBLISHED


@pytest.mark.core
def test_a_newer_interpretation_takes_the_place_of_an_older_one_which_stays_readable_marked() -> None:
    old = published(drafted(asked()))
    newer = published(drafted(asked(), answer="自2026年起，须为正职校长。", replaces=old))
    old.refresh_from_db()
    assert (old.state, newer.state) == (S.SUPERSEDED, S.PUBLISHED)
    page = shown("/articles/6/")
    assert page.index("自2026年起") < page.index(ANSWER) < page.index("已被新的解读替代")
    assert "解读 1 条" in shown("/articles/")
    assert Entry.objects.of(old).last().cause == Entry.objects.of(newer).last()


def test_what_was_replaced_meanwhile_is_not_replaced_twice() -> None:
    old = published(drafted(asked()))
    first, second = (drafted(asked(), replaces=old) for _ in range(2))
    published(first)
    assert refusal(INTERPRETATION, "publish", second, leader(), PUBLISHED_ON) == [
        "所替代的解读已不在公布中，请退回经办人修改（第二十条）"
    ]


def test_a_wrong_interpretation_is_withdrawn_and_leaves_the_page_at_once() -> None:
    case = published(drafted(asked()))
    assert ANSWER in shown("/articles/6/")
    step(case, "withdraw", leader(), on(2026, 4, 1), opinion="与新文件不一致。")
    for address in ("/articles/6/", "/articles/interpretations/", "/articles/interpretations/?q=副校长"):
        assert ANSWER not in shown(address)


def test_the_bureau_interprets_of_its_own_accord() -> None:
    browser = browser_of(officer())
    given = {
        "article": article(10).pk,
        "wording": "差旅费能列支吗？",
        "answer": "能。",
        "further": [article(16).pk],
    }
    with time_machine.travel(ANSWERED_ON, tick=False):
        assert browser.post("/interpretations/new/", given).status_code == 302
    case = Interpretation.objects.get()
    assert (case.state, case.asker) == (S.ANSWERED, None)
    assert refusal(INTERPRETATION, "reply", case, leader(), PUBLISHED_ON) == [
        "本件没有提问人，可以公布或者不予解释"
    ]
    published(case)
    assert "差旅费能列支吗？" in shown("/articles/16/")


def test_a_question_is_asked_in_the_browser_on_the_article_one_comes_from() -> None:
    me = make_capacity(Role.OFFICER, make_school())
    browser = browser_of(me)
    form = browser.get("/interpretations/ask/?article=6").context["form"]
    assert form["article"].value() == article(6).pk
    too_long = browser.post("/interpretations/ask/", {"article": article(6).pk, "question": "问" * 501})
    assert too_long.status_code == 422
    assert "500" in too_long.content.decode()
    answer = browser.post(
        "/interpretations/ask/", {"article": article(6).pk, "question": "问" * 500}, follow=True
    )
    assert "问题已提交" in answer.content.decode()
    assert Interpretation.objects.get().asker == me.user


@pytest.mark.parametrize(
    ("words", "found"),
    [("副校长", 1), ("副校长 例外", 1), ("市级名校长", 1), ("差旅", 0), ("副校长 差旅", 0), ("", 2)],
)
def test_words_are_found_in_question_answer_and_text_of_the_article(words: str, found: int) -> None:
    published(drafted(asked()))
    case = Interpretation(article=article(10), wording="会议费能列支吗？", answer="能。")
    published(volunteer(case, [], officer(), ANSWERED_ON))
    page = Client().get("/articles/interpretations/", {"q": words})
    assert page.content.decode().count('<article class="interpretation"') == found


def test_the_search_finds_articles_too_and_filters_by_article() -> None:
    published(drafted(asked(also=(9,))))
    assert 'href="/articles/10/"' in shown("/articles/interpretations/?q=课酬")
    assert WORDING in shown("/articles/interpretations/?article=9")
    assert WORDING not in shown("/articles/interpretations/?article=10")


def test_whoever_is_logged_in_reads_the_measures_in_their_own_frame() -> None:
    browser = browser_of(make_capacity(Role.OFFICER, make_school()))
    for address in ("/articles/", "/articles/6/", "/articles/interpretations/"):
        assert "主菜单" in browser.get(address).content.decode()
        assert "主菜单" not in shown(address)
    assert "/interpretations/ask/?article=6" in browser.get("/articles/6/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_number_of_times_for_one_row_and_for_three(rows: int) -> None:
    me = officer()
    for _ in range(rows):
        case = published(drafted(asked(also=(9,))))
    browser = browser_of(me)
    for address, queries in (
        ("/interpretations/", 7),
        (case.get_absolute_url(), 7),
    ):
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked_of_it:
            assert browser.get(address).status_code == 200
        assert len(asked_of_it) == queries, address
    for address, queries in (("/articles/6/", 4), ("/articles/", 3), ("/articles/interpretations/", 4)):
        cache.clear()
        shown("/check/")  # keeps the site's name
        with CaptureQueriesContext(connection) as asked_of_it:
            shown(address)
        assert len(asked_of_it) == queries, address
        with CaptureQueriesContext(connection) as asked_of_it:
            shown(address)
        assert len(asked_of_it) == 1, address
