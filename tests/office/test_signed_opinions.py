"""纸质意见: entered with who signed it, when, and its scan, in the transaction of the step."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from accounts.capacity import Capacity
from accounts.models import Role
from applications.models import Call
from office.audit import verify
from office.models import Attachment, Entry
from tests.factories.accounts import PASSWORD, make_capacity, make_county
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

Browser = Callable[[Capacity], Client]
TODAY = timezone.localdate(AT)


def scan(name: str = "签批件.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    writer, buffer = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(buffer)
    return SimpleUploadedFile(name, buffer.getvalue() if content is None else content)


def sent(**more: object) -> dict[str, object]:
    given = {
        "opinion": "推迟到明年",
        "password": PASSWORD,
        "paper-signatory": "张明",
        "paper-on": TODAY - timedelta(days=3),
    }
    return given | {"paper-scan": scan()} | more


def cancel(call: Call) -> str:
    return reverse("step-call", args=[call.number, "cancel"])


def files_on_disk() -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_the_opinion_is_shown_with_who_signed_it_when_and_the_scan(cast: Cast, as_person: Browser) -> None:
    client = as_person(cast.leader)
    assert "意见为纸质" in client.get(cast.call.get_absolute_url()).content.decode()
    page = client.post(cancel(cast.call), sent(), follow=True).content.decode()
    entry = Entry.objects.of(cast.call).get(step="cancel")
    attachment = Attachment.objects.get()
    assert entry.facts["paper"] == {"signatory": "张明", "on": "2026-02-27", "attachment": attachment.pk}
    link = reverse("attachment", args=[attachment.pk])
    assert f'纸质意见，2026年2月27日（周五） 张明签，<a class="inline-link" href="{link}">扫描件</a>' in page
    assert client.get(link).status_code == 200
    assert verify() is None


def test_the_scan_is_read_by_whoever_reads_the_history_and_by_nobody_else(
    cast: Cast, as_person: Browser
) -> None:
    as_person(cast.leader).post(cancel(cast.call), sent())
    link = reverse("attachment", args=[Attachment.objects.get().pk])
    assert as_person(cast.officer).get(link).status_code == 200
    for me in (cast.county_officer, cast.applicant, make_capacity(Role.LEADER, make_county("松山区"))):
        assert as_person(me).get(link).status_code == 404


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"paper-on": TODAY + timedelta(days=1)}, "签字日期：签字日期不能晚于今天。"),
        ({"paper-scan": ""}, "扫描件"),
        ({"paper-scan": scan("a.exe", b"MZ")}, "扫描件"),
        ({"paper-signatory": ""}, "签字人"),
        ({"opinion": ""}, "请填写意见"),
    ],
)
def test_a_refused_step_keeps_what_was_typed_and_leaves_nothing(
    cast: Cast, as_person: Browser, more: dict[str, object], sentence: str
) -> None:
    before = files_on_disk()
    response = as_person(cast.leader).post(cancel(cast.call), sent(**more))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "扫描件请重新选择" in page
    assert "推迟到明年" in page or "opinion" in more
    assert 'value="张明"' in page or "paper-signatory" in more
    cast.call.refresh_from_db()
    assert cast.call.state == "draft"
    assert not Attachment.objects.exists()
    assert files_on_disk() == before


def test_without_paper_the_step_is_taken_as_ever(cast: Cast, as_person: Browser) -> None:
    data = {"opinion": "推迟", "password": PASSWORD, "paper-signatory": "", "paper-on": ""}
    assert as_person(cast.leader).post(cancel(cast.call), data).status_code == 302
    assert "paper" not in Entry.objects.of(cast.call).last().facts


def test_a_principals_own_step_has_no_paper(cast: Cast, as_person: Browser) -> None:
    application = cast.new_application("2026-0001")
    member = cast.propose(application, "白音")
    me = Capacity(member.principal.user, member.principal.user.appointments.get())
    client = as_person(me)
    assert "意见为纸质" not in client.get(member.get_absolute_url()).content.decode()
    client.post(reverse("step-proposedmember", args=[member.pk, "decline"]), sent())
    member.refresh_from_db()
    assert member.state == "declined"
    assert not Attachment.objects.exists()
