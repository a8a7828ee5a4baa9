"""Consent where personal data goes further: with an application, and with membership (个人信息保护法 Art. 14, 23, 25).

Until a notice of data processing was published there is nothing to agree to, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from accounts import consent
from accounts.models import ConsentKind, DataNotice
from office.door import Act
from office.flow import Missing

SUBMISSION, NAMING, MEMBERSHIP = ConsentKind.SUBMISSION, ConsentKind.NAMING, ConsentKind.MEMBERSHIP
NAMED = "姓名、学校、旗县区、拟建工作室和学段"
SENTENCES = {
    SUBMISSION: "请阅读并勾选同意《个人信息处理说明》（第{version}版）",
    NAMING: f"请勾选知悉公示名单将载明本人{NAMED}",
    MEMBERSHIP: "请勾选知悉工作室公布后将公开本人姓名、学校和职务",
}
LABELS = {
    SUBMISSION: "我已阅读并同意《{link}》（第{version}版），同意为审核、评审处理本申报中的个人信息",
    NAMING: f"我知悉：评审通过后将向社会公示，名单载明本人{NAMED}",
    MEMBERSHIP: "我已阅读并同意《{link}》（第{version}版），知悉工作室公布后名录将公开本人姓名、学校和职务",
}
TO_APPLY, TO_JOIN = (SUBMISSION, NAMING), (MEMBERSHIP,)


def _in_force(case: Any) -> DataNotice | None:
    """The version in force, asked for once for each case that is read: by the form and by the rule."""
    if "data_notice" not in vars(case):
        case.data_notice = consent.current()
    found: DataNotice | None = case.data_notice
    return found


@dataclass(frozen=True)
class Agreement:
    """What was ticked, and the version that was read; its facts are what history keeps."""

    notice: DataNotice
    kinds: tuple[str, ...]

    def facts(self, case: Any) -> dict[str, str]:
        """The version agreed to, and what was acknowledged."""
        words = {str(self.notice._meta.verbose_name): f"同意第{self.notice.version}版"}
        if NAMING in self.kinds:
            words["公示"] = f"知悉名单载明本人{NAMED}"
        if MEMBERSHIP in self.kinds:
            words["公开"] = "知悉名录公开本人姓名、学校和职务"
        return words


class ConsentForm(forms.Form):
    """A tick for each of ``kinds``. ``cleaned_data["agreement"]`` is what the step's rule asks about."""

    kinds: tuple[ConsentKind, ...] = ()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, case: Any, data: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.notice = _in_force(case)
        if self.notice is None:
            self.fields.clear()
            return
        self.initial["version"] = self.notice.version
        link = format_html('<a href="{}" target="_blank">个人信息处理说明</a>', reverse("privacy"))
        for kind in self.kinds:
            label = format_html(LABELS[kind], link=link, version=self.notice.version)
            # Only what is shown is required: of what comes back empty the step's own rule speaks.
            self.fields[kind.value] = forms.BooleanField(label=label, required=data is None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.notice is None or given.get("version") != self.notice.version:
            return {}
        ticked = tuple(kind.value for kind in self.kinds if given.get(kind.value))
        return {"agreement": Agreement(self.notice, ticked)} if ticked else {}


class ApplyForm(ConsentForm):
    """Of whoever sends an application."""

    kinds = TO_APPLY


class JoinForm(ConsentForm):
    """Of whoever is willing to be a member."""

    kinds = TO_JOIN


def _lacks(case: Any, kinds: tuple[ConsentKind, ...]) -> Iterator[Missing]:
    notice = _in_force(case)
    if notice is None:
        return
    given: Agreement | None = getattr(case, "agreement", None)
    ticked = given.kinds if given and given.notice == notice else ()
    for kind in kinds:
        if kind not in ticked:
            yield Missing(SENTENCES[kind].format(version=notice.version), here=True)


def agreed_to_apply(case: Any, at: datetime) -> Iterator[Missing]:
    """The applicant agreed to the notice in force and knows what the publicity list will name."""
    yield from _lacks(case, TO_APPLY)


def agreed_to_join(case: Any, at: datetime) -> Iterator[Missing]:
    """The member agreed to the notice in force and knows what the directory will name."""
    yield from _lacks(case, TO_JOIN)


def keep_consent(case: Any, act: Act) -> None:
    """A row for each thing agreed to, under the application's number."""
    agreement: Agreement | None = getattr(case, "agreement", None)
    if agreement and act.me.user:
        number = getattr(case, "number", "") or case.application.number
        consent.agree(act.me.user, agreement.notice, act.at, agreement.kinds, number)


def everything(kinds: tuple[ConsentKind, ...]) -> dict[str, Any]:
    """What a person gives who ticks all of ``kinds`` today; nothing where there is no notice."""
    notice = consent.current()
    return {"agreement": Agreement(notice, tuple(kinds))} if notice else {}
