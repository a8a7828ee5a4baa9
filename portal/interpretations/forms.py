"""The forms of a question, of its answer, and of an interpretation nobody asked for."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms

from programmes.models import Article, Interpretation, InterpretationState

SHORT = 40
PRIVATE = "按公布的样子写，不出现提问人、学校等信息"


class ArticleChoice(forms.ModelChoiceField):
    """An article with its first words."""

    def label_from_instance(self, article: Article) -> str:
        return article_label(article)


class ArticleChoices(forms.ModelMultipleChoiceField):
    """Several of them."""

    def label_from_instance(self, article: Article) -> str:
        return str(article)


def article_label(article: Article) -> str:
    """第六条　名校长工作室由领衔校长和8-10名…"""
    words = article.text.split("\n")[0]
    return f"{article}　{words[:SHORT]}{'…' if len(words) > SHORT else ''}"


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _OnArticles(forms.ModelForm):
    """An interpretation with the articles it hangs on, of those in ``articles``."""

    article = ArticleChoice(Article.objects.none(), label="所问条文", empty_label=None)
    further = ArticleChoices(
        Article.objects.none(),
        label="还涉及的条文",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, articles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("article", "further"):
            self.fields[name].queryset = articles  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("article") and given.get("further") is not None:
            given["further"] = [each for each in given["further"] if each != given["article"]]
        return given


class QuestionForm(_OnArticles):
    """What somebody asks; ≤ 500 characters."""

    class Meta:
        model = Interpretation
        fields = ("article", "question", "further")
        widgets = {"question": _text(5)}
        help_texts = {"question": "问清楚是什么情形；答复公布时不显示提问人"}


class UnaskedForm(_OnArticles):
    """An interpretation of the issuer's own accord."""

    class Meta:
        model = Interpretation
        fields = ("article", "wording", "answer", "replaces", "further")
        labels = {"wording": "问题"}
        widgets = {"wording": _text(3), "answer": _text(8)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        _offer(self.fields["replaces"])


class AnswerForm(forms.ModelForm):
    """The step 拟写解读: the question as it will be published, the answer, which earlier one it replaces."""

    class Meta:
        model = Interpretation
        fields = ("wording", "answer", "replaces")
        widgets = {"wording": _text(3), "answer": _text(8)}
        help_texts = {"wording": PRIVATE}

    def __init__(self, case: Interpretation, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, instance=copy(case), auto_id=auto_id)
        if data is None:
            self.fields["answer"].required = True
        _offer(self.fields["replaces"], case.article_id)


def _offer(field: Any, article: int | None = None) -> None:
    """Only what is published may be replaced, where the article is known on the same article."""
    rows = Interpretation.objects.filter(state=InterpretationState.PUBLISHED).select_related("article")
    field.queryset = rows.filter(article=article) if article else rows
    field.empty_label = "不替代"
