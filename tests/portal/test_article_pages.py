"""The measures in the browser: every rule that names an article leads to its text."""

import pytest
from django.core.cache import cache
from django.test import Client

from programmes.ground import lay
from programmes.models import Article
from tests.factories.accounts import make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages kept for others' tests are not this test's pages."""
    cache.clear()


@pytest.fixture
def measures() -> None:
    lay(make_bureau())


def test_an_article_is_read_by_everybody_with_its_chapter_and_neighbours(
    measures: None, client: Client
) -> None:
    text = client.get("/articles/6/").content.decode()
    assert "工作室由领衔校长和8-10名成员组成" in text
    assert "第二章 人员与组成" in text
    assert 'href="/articles/5/"' in text
    assert 'href="/articles/7/"' in text


def test_the_first_has_none_before_and_the_last_none_after(measures: None, client: Client) -> None:
    assert "上一条" not in client.get("/articles/1/").content.decode()
    assert "下一条" not in client.get("/articles/20/").content.decode()


def test_an_article_that_does_not_exist_is_not_found(measures: None, client: Client) -> None:
    assert client.get("/articles/21/").status_code == 404


def test_all_twenty_stand_under_their_chapters(measures: None, client: Client) -> None:
    text = client.get("/articles/").content.decode()
    assert text.count("<article") == Article.objects.count() == 20
    assert text.index("第一章 总则") < text.index("第八章 附则")


def test_before_the_measures_are_laid_the_page_says_so(client: Client) -> None:
    assert "还没有录入办法条文" in client.get("/articles/").content.decode()
