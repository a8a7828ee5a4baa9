"""Questions on an article of the measures and their answers (Art. 20)."""

from __future__ import annotations

from enum import nonmember
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .measures import Article

QUESTION, ANSWER = 500, 2000  # characters


class InterpretationState(models.TextChoices):
    ASKED = "asked", "待答复"
    ANSWERED = "answered", "待签发"
    PUBLISHED = "published", "已公布"
    TOLD = "told", "已答复提问人"
    DECLINED = "declined", "不予解释"
    SUPERSEDED = "superseded", "已被替代"
    WITHDRAWN = "withdrawn", "已撤回"

    public = nonmember(("published", "superseded"))


class InterpretationQuerySet(models.QuerySet["Interpretation"]):
    def public(self) -> InterpretationQuerySet:
        """What everybody reads: those in force, newest first, then those a newer one has taken the place of."""
        rows = self.filter(state__in=InterpretationState.public)
        return rows.order_by("state", "-published_at", "-pk").prefetch_related("further")

    def on(self, article: Article) -> InterpretationQuerySet:
        """Those asked on ``article``, or on another and this one as well."""
        also = Interpretation.further.through.objects.filter(article=article).values("interpretation")
        return self.filter(Q(article=article) | Q(pk__in=also))

    def about(self, words: str) -> InterpretationQuerySet:
        """Those in which each word of ``words`` occurs: in question, answer or the article's text.

        A plain scan: there are some hundreds of them.
        """
        rows = self
        for word in words.split():
            paths = ("wording", "answer", "article__text")
            rows = rows.filter(reduce(or_, (Q(**{f"{path}__icontains": word}) for path in paths)))
        return rows


class Interpretation(models.Model):
    """A case like every other (``office.models.Case``), of the app below the one that moves cases.

    ``question`` is as it was asked, for whoever handles it; ``wording`` is how it is published, so that nothing in
    it tells who asked. Without ``asker`` the issuer of the measures interprets of its own accord.
    """

    state = models.CharField(
        "状态",
        max_length=30,
        choices=InterpretationState,
        default=InterpretationState.ASKED,
        editable=False,
    )
    since = models.DateTimeField("进入本环节时间", default=timezone.now, editable=False)
    due = models.DateTimeField("办理期限", null=True, blank=True, editable=False)
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="interpretations", verbose_name="所问条文"
    )
    further = models.ManyToManyField(Article, related_name="+", blank=True, verbose_name="还涉及的条文")
    asker = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="questions",
        verbose_name="提问人",
    )
    question = models.TextField("问题", max_length=QUESTION)
    wording = models.TextField("公布的问题", max_length=QUESTION)
    answer = models.TextField("解读", max_length=ANSWER, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="替代原解读"
    )
    published_at = models.DateTimeField("公布时间", null=True, editable=False)

    objects = InterpretationQuerySet.as_manager()

    class Meta:
        verbose_name = "解读"
        verbose_name_plural = "解读"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InterpretationState.values), name="interpretation_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=InterpretationState.public) | ~Q(answer=""),
                name="interpretation_public_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["article", "state"], name="interpretation_article")]

    def __str__(self) -> str:
        return f"{self.article}解读：{self.wording[:30]}{'…' if len(self.wording) > 30 else ''}"

    def get_absolute_url(self) -> str:
        return reverse("case-interpretation", args=[self.pk])

    @property
    def key(self) -> str:
        """What names it in an address."""
        return str(self.pk)

    @property
    def public_url(self) -> str:
        """Where everybody reads it: on its article's page."""
        return f"{self.article.get_absolute_url()}#interpretation-{self.pk}"

    @property
    def articles(self) -> list[Any]:
        """The article asked about, then those it touches as well."""
        return [self.article, *self.further.all()]
