"""History that can't be changed unnoticed: whatever is altered, inserted or removed is named."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Application
from office.audit import verify
from office.door import take
from office.history import record, seal
from office.models import Entry, Notice, Seal
from tests.factories.accounts import make_capacity
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def case(cast: Cast) -> Application:
    """An application with four entries, the last a step."""
    application = cast.new_application("2026-0001")
    for minute in (1, 2):
        record(application, "correct", "更正", cast.applicant, AT, {"学段": ["小学", f"初中{minute}"]})
    take(APPLICATION, "withdraw", application.pk, cast.applicant, AT + timedelta(hours=1), "不申报了")
    return application


@pytest.fixture(params=[True, False], ids=["sealed", "not yet sealed"])
def sealed(request: pytest.FixtureRequest, case: Application) -> bool:
    if request.param:
        seal(AT)
    return bool(request.param)


def entry(case: Application, sequence: int) -> Entry:
    return Entry.objects.of(case).get(sequence=sequence)


def delete(*entries: Entry) -> None:
    """What somebody with the database's password would do."""
    pks = [each.pk for each in entries]
    Notice.objects.filter(entry__in=pks).delete()
    Entry.objects.filter(pk__in=pks)._raw_delete("default")


def found() -> str:
    """What audit_verify says: it seals first, then looks."""
    with pytest.raises(CommandError) as broken:
        call_command("audit_verify", stdout=StringIO())
    assert broken.value.returncode == 1
    return str(broken.value)


def test_a_whole_history_is_said_to_be_whole(case: Application) -> None:
    output = StringIO()
    call_command("audit_verify", stdout=output)
    assert output.getvalue().startswith(f"完整：{Entry.objects.count()} 条办理记录，1 次封存。")
    assert not Entry.objects.filter(seal=None).exists()


@pytest.mark.parametrize("sequence", [1, 2, 4])
@pytest.mark.parametrize(
    "change",
    [
        {"opinion": "另一种意见"},
        {"facts": {"学段": ["小学", "高中"]}},
        {"at": AT - timedelta(days=30)},
        {"label": "另一步"},
        {"mac": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_entry_is_named(
    case: Application, sealed: bool, sequence: int, change: dict[str, object]
) -> None:
    Entry.objects.filter(pk=entry(case, sequence).pk).update(**change)
    assert f"申报“{case}”的第 {sequence} 条办理记录" in found()


def test_an_entry_signed_by_another_is_named(cast: Cast, case: Application, sealed: bool) -> None:
    other = make_capacity(Role.OFFICER, cast.bureau)
    Entry.objects.filter(pk=entry(case, 2).pk).update(user=other.user, appointment=other.appointment)
    assert "第 2 条办理记录" in found()


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_entry_is_named(case: Application, sealed: bool, sequence: int) -> None:
    delete(entry(case, sequence))
    assert f"之前缺少第 {sequence} 条，已被删除" in found()


def test_a_tail_that_is_cut_off_is_named(case: Application, sealed: bool) -> None:
    delete(entry(case, 4))
    told = found()
    if sealed:
        assert f"申报“{case}”的第 4 条办理记录" in told
        assert "已被删除" in told
    else:
        draft = APPLICATION.state_label("draft")
        assert f"申报“{case}”现为“已撤回”，最后一条办理记录却是“{draft}”" in told


def test_the_whole_history_of_a_case_removed_is_named(case: Application, sealed: bool) -> None:
    delete(*Entry.objects.of(case))
    assert f"申报“{case}”" in found()


def test_a_case_removed_with_its_history_is_named_once_it_was_sealed(cast: Cast, case: Application) -> None:
    seal(AT)
    delete(*Entry.objects.of(case))
    Application.objects.filter(pk=case.pk)._raw_delete("default")
    assert f"申报（编号 {case.pk}，已不存在）的第 1 条办理记录" in found()


def test_an_entry_inserted_without_the_key_is_named(cast: Cast, case: Application, sealed: bool) -> None:
    last = entry(case, 4)
    forged = Entry(
        content_type=ContentType.objects.get_for_model(case),
        object_id=case.pk,
        sequence=5,
        step="announce",
        label="公布",
        at=AT,
        facts={},
        previous=last.mac,
        mac="f" * 64,
    )
    forged.save()
    assert f"申报“{case}”的第 5 条办理记录（条目 {forged.pk}）被改动，或是伪造后插入的" in found()


def test_an_entry_repeated_in_a_gap_is_named(case: Application, sealed: bool) -> None:
    second, third = entry(case, 2), entry(case, 3)
    delete(second)
    third.pk, third.sequence, third.seal = None, 2, None
    third.save(force_insert=True)
    assert "的第 2 条办理记录" in found()


def test_a_state_set_past_the_door_is_named(case: Application) -> None:
    Application.objects.filter(pk=case.pk).update(state="announced")
    assert f"申报“{case}”现为“已公布”，最后一条办理记录却是“已撤回”" in found()


# The chain of seals


@pytest.fixture
def three_links(cast: Cast) -> list[Seal]:
    for number in range(3):
        cast.new_call(f"2026-S{number}")
        seal(AT + timedelta(minutes=number))
    return list(Seal.objects.order_by("pk"))


def test_an_altered_seal_is_named(three_links: list[Seal]) -> None:
    Seal.objects.filter(pk=three_links[1].pk).update(manifest=[])
    assert verify() == f"第 {three_links[1].pk} 次封存被改动或是伪造的"


def test_a_removed_seal_is_named(three_links: list[Seal]) -> None:
    Entry.objects.filter(seal=three_links[1]).update(seal=three_links[2])
    three_links[1].delete()
    assert verify() == f"第 {three_links[2].pk} 次封存之前缺少封存，已被删除"


def test_entries_removed_with_the_last_seal_show_against_the_code_noted_before(cast: Cast) -> None:
    cast.new_application("2026-0001")
    output = StringIO()
    call_command("audit_verify", stdout=output)
    noted = output.getvalue().split("封存校验码 ")[1][:64]
    call_command("audit_verify", head=noted, stdout=StringIO())
    Entry.objects.update(seal=None)
    Seal.objects.all().delete()
    with pytest.raises(CommandError, match="连同封存一起被删除"):
        call_command("audit_verify", head=noted, stdout=StringIO())


def test_a_mark_of_sealing_that_is_moved_is_named(three_links: list[Seal]) -> None:
    moved = Entry.objects.filter(seal=three_links[0]).first()
    Entry.objects.filter(pk=moved.pk).update(seal=three_links[2])  # type: ignore[union-attr]
    assert "在封存后被改动" in str(verify())


def test_sealing_again_seals_only_what_is_new(three_links: list[Seal], cast: Cast) -> None:
    assert seal(AT) == 0
    cast.new_call("2026-S9")
    assert seal(AT) == 1
    assert verify() is None
