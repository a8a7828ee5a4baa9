"""The measures for everybody to read: every rule that names an article leads here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programmes.models import Article


def _articles() -> list[Article]:
    """The articles of the city's own measures, in order; one query."""
    articles = list(Article.objects.select_related("measures").order_by("measures", "number"))
    return [article for article in articles if article.measures_id == articles[0].measures_id]


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """The whole text, by chapter."""
    return render(request, "programmes/articles.html", {"articles": _articles()})


@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article with its chapter and its neighbours; 404 for a number the measures do not have."""
    by_number = {article.number: article for article in _articles()}
    if number not in by_number:
        raise Http404
    context = {
        "article": by_number[number],
        "previous": by_number.get(number - 1),
        "following": by_number.get(number + 1),
    }
    return render(request, "programmes/article.html", context)
