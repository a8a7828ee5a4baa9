"""The measures: twenty articles in eight chapters, unabridged, each under its number."""

import re
from pathlib import Path

import pytest

from programmes import ground
from programmes.ground import articles, lay
from programmes.models import Article
from programmes.numerals import chinese_number
from tests.factories.accounts import make_bureau, make_county

pytestmark = [pytest.mark.django_db, pytest.mark.core]

# How each article begins and ends in the published text.
PUBLISHED = {
    1: ("根据《中共赤峰市委", "特制定本办法。"),
    2: ("本办法所指的", "园长工作室。"),
    3: ("名校长工作室是由", "校长发展共同体。"),
    4: ("设立市级名校长工作室的宗旨", "重要依托。"),
    5: ("名校长工作室一般依托", "实行动态管理。"),
    6: ("名校长工作室由领衔校长和8-10名成员组成。", "上级主管部门同意。"),
    7: ("名校长工作室可根据工作需要", "自主确定。"),
    8: ("名校长工作室的主要职责与任务有：", "政策调研报告。"),
    9: ("名校长工作室按以下程序", "并予挂牌。"),
    10: ("工作室建设期间", "劳务开支等费用。"),
    11: ("名校长工作室所在地的", "予以扶持。"),
    12: ("名校长工作室所在学校", "经费保障。"),
    13: ("市教育局负责制定", "选拔等工作。"),
    14: ("市教育局委托第三方组织", "评估等工作。"),
    15: ("旗县区教育行政部门和", "组织开展相关活动。"),
    16: ("名校长工作室实行领衔名校长负责制", "建设成效。"),
    17: ("工作室建设周期内", "予以撤消。"),
    18: ("工作室三年建设期满后", "建设对象。"),
    19: ("各旗县区可参照本办法", "管理办法。"),
    20: ("本办法由市教育局负责解释。", "负责解释。"),
}


@pytest.fixture
def laid() -> list[Article]:
    lay(make_bureau())
    return list(Article.objects.all())


def test_there_are_twenty_articles_each_from_its_first_word_to_its_last(laid: list[Article]) -> None:
    assert [article.number for article in laid] == list(range(1, 21))
    for article in laid:
        begins, ends = PUBLISHED[article.number]
        assert article.text.startswith(begins)
        assert article.text.endswith(ends)


def test_no_word_between_the_first_and_the_last_article_is_lost(laid: list[Article]) -> None:
    """The published text, without headings and spaces, is the articles one after the other."""
    source = (Path(ground.__file__).parent / "data" / "measures.txt").read_text(encoding="utf-8")
    _, _, body = source.partition("第一条")
    body = re.sub(r"^\s*第[一二三四五六七八九十]+章.*$", "", f"第一条{body}", flags=re.M)
    kept = "".join(f"{article}{article.text}" for article in laid)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", body)


def test_the_parts_of_an_article_stay_apart(laid: list[Article]) -> None:
    sixth = laid[5].text.splitlines()
    assert sixth[1] == "（一）领衔校长"
    assert "（二）工作室成员" in sixth
    assert len(laid[7].text.splitlines()) == 5, "Article 8: a sentence and four duties"


def test_the_chapters(laid: list[Article]) -> None:
    chapters = list(dict.fromkeys(article.chapter for article in laid))
    assert chapters == [
        "第一章 总则",
        "第二章 人员与组成",
        "第三章 职责与任务",
        "第四章 申报与评审",
        "第五章 经费与保障",
        "第六章 组织与管理",
        "第七章 考核与评估",
        "第八章 附则",
    ]
    assert laid[8].chapter == "第四章 申报与评审"


def test_measures_with_a_gap_are_not_taken() -> None:
    with pytest.raises(ValueError, match="第三条前后缺条"):
        articles("第一条 甲\n第三条 丙")


def test_two_programmes_follow_one_set_of_measures(laid: list[Article]) -> None:
    lay(make_county("松山区"))
    assert Article.objects.count() == 20


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
    ],
)
def test_numerals(number: int, words: str) -> None:
    assert chinese_number(number) == words


@pytest.mark.parametrize("number", [0, 100, -1])
def test_numerals_end_at_ninety_nine(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese_number(number)
