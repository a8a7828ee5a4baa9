"""The measures with their interpretations (Art. 20), for everybody: every rule that names an article leads here."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from office.anonymous import briefly
from office.requests import Request
from programmes.models import Article, Interpretation, InterpretationState, Measures

PER_PAGE = 20


def in_force() -> QuerySet[Article]:
    """The articles of the first measures, the city's own, in order."""
    first = Measures.objects.order_by("pk").values("pk")[:1]
    return Article.objects.filter(measures=first).select_related("measures")


def _stamp(request: Request, number: int = 0) -> str:
    """What is published changes with every step of a published interpretation: it appears and leaves at once."""
    rows = Interpretation.objects.filter(published_at__isnull=False)
    return str(rows.aggregate(last=Max("since"), all=Count("pk")))


@require_safe
@briefly(_stamp)
def articles(request: Request) -> HttpResponse:
    """The whole text, by chapter, with how many interpretations hang on each article."""
    rows = list(in_force())
    told = Interpretation.objects.filter(state=InterpretationState.PUBLISHED).order_by()
    times = dict(told.values_list("article__number").annotate(Count("pk")))
    for row in rows:
        row.interpreted = times.get(row.number, 0)  # type: ignore[attr-defined]
    chapters = [(chapter, list(those)) for chapter, those in groupby(rows, attrgetter("chapter"))]
    return render(request, "programmes/articles.html", {"articles": rows, "chapters": chapters})


@require_safe
@briefly(_stamp)
def article(request: Request, number: int) -> HttpResponse:
    """One article with its chapter, its neighbours and its interpretations; 404 for a number there is not."""
    by_number = {article.number: article for article in in_force()}
    if number not in by_number:
        raise Http404
    present = by_number[number]
    context = {
        "article": present,
        "previous": by_number.get(number - 1),
        "following": by_number.get(number + 1),
        "interpretations": Interpretation.objects.on(present).public().select_related("article"),
    }
    return render(request, "programmes/article.html", context)


@require_safe
@briefly(_stamp)
def interpretations(request: Request) -> HttpResponse:
    """What has been interpreted, found by words of question, answer or article and by article; and the articles found."""
    words = request.GET.get("q", "").strip()[:60]
    number = request.GET.get("article", "")
    listed = list(in_force())
    chosen = next((row for row in listed if str(row.number) == number), None)
    found = Interpretation.objects.about(words)
    if chosen:
        found = found.on(chosen)
    page = _page(request)
    # One more than fits says whether there is a next page, without counting.
    rows = list(found.public().select_related("article")[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context: dict[str, Any] = {
        "rows": rows[:PER_PAGE],
        "previous": page - 1,
        "next": page + 1 if len(rows) > PER_PAGE else 0,
        "articles": listed,
        "chosen": chosen,
        "words": words,
        "texts": [row for row in listed if _all_in(words, row.text)] if words and not chosen else [],
    }
    return render(request, "programmes/interpretations.html", context)


def _page(request: Request) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isdecimal() and 0 < len(asked) < 5 and int(asked) else 1


def _all_in(words: str, text: str) -> bool:
    return all(word in text for word in words.split())
