"""Files of a case: who may send them and when, who may open them, and that no row is without its file."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from accounts.capacity import PUBLIC, Capacity
from accounts.models import Role
from applications.files import PHOTO
from applications.flows import APPLICATION
from applications.models import Application, Material
from office.attachments import BadFile, attach, receive, slots, take_away, visible_attachments
from office.door import take
from office.materials import materials
from office.models import Attachment, Entry
from tests.factories.accounts import make_capacity, make_county
from tests.office.conftest import AT, Cast
from tests.office.hostile import SCRIPT, pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.core]


def sent(name: str = "获奖证书.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf())


@pytest.fixture
def draft(cast: Cast) -> Application:
    """A draft whose call asks for honours and, of the school, the signed form."""
    for key, label, by in (("honours", "荣誉证书", "applicant"), ("signed-form", "盖章申报表", "school")):
        Material.objects.create(call=cast.call, key=key, label=label, by=by, required=True, order=1)
    return cast.new_application("2026-0001")


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# Sending


def test_an_applicant_sends_a_material_and_history_says_so(cast: Cast, draft: Application) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    assert slots(draft) == {"honours": [attachment]}
    entry = Entry.objects.of(draft).last()
    assert (entry.step, entry.label, entry.user) == ("attach", "上传附件", cast.applicant.user)
    assert entry.facts == {"荣誉证书": ["", "获奖证书.pdf"], "sha256": attachment.sha256}


def test_what_is_stored_has_a_name_that_says_nothing_and_lies_outside_the_web_root(
    cast: Cast, draft: Application
) -> None:
    receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    (path,) = stored_files()
    assert "证书" not in str(path)
    assert path.suffix == ""
    assert path.stat().st_mode & 0o077 == 0
    assert not path.is_relative_to(settings.STATIC_ROOT)


def test_a_slot_for_one_file_takes_the_new_one_in_place_of_the_old(cast: Cast, draft: Application) -> None:
    for name in ("旧.jpg", "新.jpg"):
        receive(APPLICATION, draft.pk, sent(name, picture()), slot=PHOTO, me=cast.applicant, at=AT)
    assert [row.name for row in slots(draft)["photo"]] == ["新.jpg"]
    assert Entry.objects.of(draft).last().facts["照片"] == ["旧.jpg", "新.jpg"]
    assert len(stored_files()) == 2, "the records law: what was once sent is kept"


def test_a_slot_of_another_hand_is_closed(cast: Cast, draft: Application) -> None:
    with pytest.raises(PermissionDenied, match="不由您现在的身份办理"):
        receive(APPLICATION, draft.pk, sent(), slot="signed-form", me=cast.applicant, at=AT)
    assert stored_files() == []


def test_once_the_case_has_moved_on_nothing_is_sent_or_removed(cast: Cast, draft: Application) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    take(APPLICATION, "withdraw", draft.pk, cast.applicant, AT, "不申报了")
    with pytest.raises(PermissionDenied):
        receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    with pytest.raises(PermissionDenied):
        take_away(attachment.pk, cast.applicant, AT)


def test_who_does_not_see_the_case_can_send_nothing(cast: Cast, draft: Application) -> None:
    with pytest.raises(Application.DoesNotExist):
        receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.county_officer, at=AT)


def test_a_refused_file_leaves_no_trace(cast: Cast, draft: Application) -> None:
    before = Entry.objects.count()
    with pytest.raises(BadFile, match="不是允许的文件类型"):
        receive(APPLICATION, draft.pk, sent("证书.pdf", SCRIPT), slot="honours", me=cast.applicant, at=AT)
    assert (Attachment.objects.count(), Entry.objects.count(), stored_files()) == (0, before, [])


def test_without_room_on_the_disk_the_file_is_refused_with_the_reason(
    cast: Cast, draft: Application, tmp_path: Path, settings: object
) -> None:
    blocked = tmp_path / "not-a-folder"
    blocked.write_bytes(b"")
    settings.MEDIA_ROOT = blocked  # type: ignore[attr-defined]
    with pytest.raises(BadFile, match="存储空间已满或暂时不可用") as refusal:
        receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    assert refusal.value.__cause__.errno in (errno.ENOTDIR, errno.EEXIST)  # type: ignore[union-attr]
    assert not Attachment.objects.exists()


def test_when_the_row_can_not_be_written_the_file_goes_again(cast: Cast, draft: Application) -> None:
    gone = Application(pk=999_999, number="2026-9999")
    with pytest.raises(Application.DoesNotExist):
        attach(gone, sent(), slot="", me=cast.applicant, at=AT)
    assert stored_files() == []


def test_a_public_form_attaches_in_the_name_of_the_public(cast: Cast) -> None:
    attachment = attach(
        cast.call, ContentFile(pdf(), "证明.pdf"), slot="evidence", label="异议材料", me=PUBLIC, at=AT
    )
    entry = Entry.objects.of(cast.call).last()
    assert attachment.user is None
    assert entry.who == "公众"
    assert entry.facts["异议材料"] == ["", "证明.pdf"]


# Removing


def test_a_removed_file_leaves_the_page_but_not_the_archive(cast: Cast, draft: Application) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    take_away(attachment.pk, cast.applicant, AT)
    assert slots(draft) == {}
    assert not visible_attachments(draft, cast.applicant).exists()
    assert len(stored_files()) == 1
    assert Entry.objects.of(draft).last().facts == {"附件": ["获奖证书.pdf", ""]}


# The page


def test_the_materials_of_a_case_take_one_query(
    cast: Cast, draft: Application, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(3):
        receive(APPLICATION, draft.pk, sent(f"{number}.pdf"), slot="honours", me=cast.applicant, at=AT)
    list(draft.call.materials.all())
    with django_assert_num_queries(1 + 2):  # the files; the call's materials, for slots and for labels
        shown = {material.key: material for material in materials(draft, cast.applicant)}
    assert [row["name"] for row in shown["honours"].files] == ["0.pdf", "1.pdf", "2.pdf"]
    assert shown["honours"].required
    assert shown["honours"].upload["url"] == f"/files/application/{draft.pk}/"  # type: ignore[index]
    assert shown["signed-form"].upload is None


def test_the_browser_sends_one_file_and_gets_its_address(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    browser = as_person(cast.applicant)
    address = reverse("attachment-upload", args=["application", draft.pk])
    answer = browser.post(address, {"slot": "honours", "file": sent()}, headers={"X-Upload": "1"})
    attachment = Attachment.objects.get()
    assert answer.json() == {
        "name": "获奖证书.pdf",
        "url": f"/files/{attachment.pk}/",
        "delete_url": f"/files/{attachment.pk}/remove/",
    }
    refused = browser.post(
        address, {"slot": "honours", "file": sent("a.svg", SCRIPT)}, headers={"X-Upload": "1"}
    )
    assert (refused.status_code, refused.json()["message"][:8]) == (422, "“a.svg”不")
    closed = browser.post(address, {"slot": "signed-form", "file": sent()}, headers={"X-Upload": "1"})
    assert closed.status_code == 403
    assert "环节已经过去" in closed.json()["message"]


def test_without_javascript_several_files_go_at_once_and_the_page_tells_of_each(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    browser = as_person(cast.applicant)
    address = reverse("attachment-upload", args=["application", draft.pk])
    files = [sent("一.pdf"), sent("二.svg", SCRIPT), sent("三.pdf")]
    answer = browser.post(address, {"slot": "honours", "file-honours": files, "next": "/jobs/"}, follow=True)
    assert answer.redirect_chain == [("/jobs/", 302)]
    told = [str(message) for message in answer.context["messages"]]
    assert told[0] == "已上传“一.pdf”。"
    assert told[1].startswith("“二.svg”不是允许的文件类型")
    assert told[2] == "已上传“三.pdf”。"


def test_a_file_is_handed_out_to_be_saved_and_never_guessed_at(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    answer = as_person(cast.applicant).get(reverse("attachment", args=[attachment.pk]))
    assert answer.getvalue() == pdf()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8E%B7")


@override_settings(ACCEL=True)
def test_behind_a_proxy_the_file_is_named_to_it_and_sent_by_it(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    address = reverse("attachment", args=[attachment.pk])
    answer = as_person(cast.applicant).get(address)
    assert answer["X-Accel-Redirect"] == f"/protected/{attachment.file.name}"
    assert answer.content == b""
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8E%B7")
    stranger = make_capacity(Role.OFFICER, make_county("松山区"), "宋立志")
    assert "X-Accel-Redirect" not in as_person(stranger).get(address)
    stored_files()[0].unlink()
    assert as_person(cast.applicant).get(address).status_code == 503


def test_strangers_find_no_file(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client], client: Client
) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    address = reverse("attachment", args=[attachment.pk])
    neighbour = make_capacity(Role.OFFICER, make_county("松山区"), "宋立志")
    for stranger in (neighbour, cast.county_officer):
        assert as_person(stranger).get(address).status_code == 404
        assert as_person(stranger).post(f"{address}remove/").status_code == 404
    assert client.get(address).status_code == 302, "whoever is not logged in is asked to"


def test_a_file_that_the_storage_lost_is_told_plainly(
    cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    attachment = receive(APPLICATION, draft.pk, sent(), slot="honours", me=cast.applicant, at=AT)
    stored_files()[0].unlink()
    answer = as_person(cast.applicant).get(reverse("attachment", args=[attachment.pk]))
    assert answer.status_code == 503
    assert "文件暂时无法读取" in answer.content.decode()
