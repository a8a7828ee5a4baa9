"""Official documents: numbers without gaps, frozen facts, a PDF after the commit, and the public check."""

import hashlib
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import CLOCK, PUBLIC, Capacity
from accounts.models import Organisation, Role
from office import checks, jobs
from office.documents import documents_of, issue, next_number, normal_number, preview, renders, seen
from office.door import Refused
from office.models import Job, NumberSeries, OfficialDocument
from office.paper.engine import PdfUnavailable
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.office.conftest import AT, Cast

SERIES = "赤教发〔{year}〕{n}号"
printer = {"broken": False}


@renders("test-letter", "函", "call")
def letter(document: OfficialDocument) -> bytes:
    """A letter small enough for a test; its printer can be out of order."""
    if printer["broken"]:
        raise PdfUnavailable("服务器缺少排版组件 Pango，暂不能生成 PDF。")
    return f"%PDF-1.4 {document.number} {document.title} {document.facts['studios']} {document.facts['on']}".encode()


@renders("test-receipt", "受理函", "application")
def receipt(document: OfficialDocument) -> bytes:
    return letter(document)


@pytest.fixture(autouse=True)
def printer_in_order() -> None:
    printer["broken"] = False


def send(issuer: Organisation, title: str = "关于公布名单的通知", **more: object) -> OfficialDocument:
    """A letter about ``issuer`` itself, issued in a transaction as a step would."""
    given = {"series": SERIES, "issued_on": date(2026, 3, 2), "me": CLOCK, "at": AT} | more
    with transaction.atomic():
        return issue(
            issuer,
            kind="test-letter",
            issuer=issuer,
            title=title,
            facts={"studios": 12, "on": date(2026, 3, 2)},
            **given,  # type: ignore[arg-type]
        )


# Numbers


@pytest.mark.django_db
@pytest.mark.core
class TestNumbers:
    def test_a_series_counts_by_issuer_and_year(self) -> None:
        bureau, county = make_bureau(), make_county()
        numbers = [send(bureau).number, send(bureau).number, send(county).number]
        numbers.append(send(bureau, issued_on=date(2027, 1, 4)).number)
        assert numbers == ["赤教发〔2026〕1号", "赤教发〔2026〕2号", "赤教发〔2026〕1号", "赤教发〔2027〕1号"]

    def test_a_step_that_is_rolled_back_uses_no_number(self) -> None:
        bureau = make_bureau()
        send(bureau)
        with transaction.atomic():
            assert send(bureau).number == "赤教发〔2026〕2号"
            transaction.set_rollback(True)
        assert send(bureau).number == "赤教发〔2026〕2号"
        assert NumberSeries.objects.get().last == 2

    def test_a_number_typed_from_the_register_is_kept_as_the_standard_writes_it(self) -> None:
        assert send(make_bureau(), number=" 赤教发[2026]第017号 ").number == "赤教发〔2026〕17号"

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("赤教发（２０２６）１号", "赤教发〔2026〕1号"),
            ("赤教发【2026】1号", "赤教发〔2026〕1号"),
            ("赤教办函〔2026〕 12 号", "赤教办函〔2026〕12号"),
            ("无规则", "无规则"),
            ("", ""),
        ],
    )
    def test_brackets_zeros_and_width_are_put_right(self, typed: str, kept: str) -> None:
        assert normal_number(typed) == kept

    def test_a_typed_number_in_use_is_refused_and_says_by_what(self) -> None:
        bureau = make_bureau()
        send(bureau, title="关于开展申报的通知", number="赤教发〔2026〕9号")
        with pytest.raises(Refused) as refusal:
            send(bureau, number="赤教发[2026]9号")
        assert str(refusal.value).startswith(
            "发文字号 赤教发〔2026〕9号 已用于《关于开展申报的通知》，请核对发文登记"
        )
        assert OfficialDocument.objects.count() == 1

    def test_the_series_passes_over_what_was_typed_by_hand(self) -> None:
        bureau = make_bureau()
        send(bureau, number="赤教发〔2026〕1号")
        assert send(bureau).number == "赤教发〔2026〕2号"

    def test_a_publicity_list_has_no_number(self) -> None:
        bureau = make_bureau()
        assert [send(bureau, series="").number, send(bureau, series="").number] == ["", ""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
@pytest.mark.core
def test_twenty_who_issue_at_once_get_twenty_numbers_without_a_gap() -> None:
    bureau = make_bureau()
    start = threading.Barrier(20)
    given: list[str] = []

    def issue_one() -> None:
        try:
            start.wait()
            given.append(send(bureau).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == sorted(f"赤教发〔2026〕{number}号" for number in range(1, 21))
    assert NumberSeries.objects.get().last == 20


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_only_inside_a_transaction() -> None:
    bureau = make_bureau()
    with pytest.raises(transaction.TransactionManagementError):
        next_number(bureau, 2026, "赤教发")


# The PDF


@pytest.mark.django_db
@pytest.mark.core
class TestPdf:
    def test_it_is_printed_after_the_commit_from_frozen_facts(self) -> None:
        document = send(make_bureau())
        assert not document.pdf
        assert jobs.run_due(timezone.now()) == 1
        document.refresh_from_db()
        content = document.pdf.read()
        assert content.decode() == "%PDF-1.4 赤教发〔2026〕1号 关于公布名单的通知 12 2026-03-02"
        assert document.pdf_sha256 == hashlib.sha256(content).hexdigest()
        assert "赤教发" not in document.pdf.name

    def test_once_stored_it_is_never_made_again(self) -> None:
        document = send(make_bureau())
        jobs.run_due(timezone.now())
        document.refresh_from_db()
        before = document.pdf.name
        OfficialDocument.objects.filter(pk=document.pk).update(title="改过的标题")
        jobs.enqueue("document", "再来一次", CLOCK, AT, document=document.pk)
        jobs.run_due(timezone.now())
        document.refresh_from_db()
        assert document.pdf.name == before
        assert len(list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))) == 1

    def test_without_a_printer_the_job_waits_and_says_why(self) -> None:
        document = send(make_bureau())
        printer["broken"] = True
        now = timezone.now()
        for hour in range(5):
            jobs.run_due(now + timedelta(hours=hour))
        job = Job.objects.get()
        assert (job.state, job.message) == ("waiting", "服务器缺少排版组件 Pango，暂不能生成 PDF。")
        printer["broken"] = False
        jobs.run_due(now + timedelta(hours=6))
        document.refresh_from_db()
        assert document.pdf
        assert Job.objects.get().state == "done"

    def test_a_preview_has_no_number_and_leaves_nothing(self) -> None:
        bureau = make_bureau()
        content = preview(
            "test-letter",
            {"studios": 3, "on": date(2026, 3, 2)},
            issuer=bureau,
            title="预览",
            issued_on=date(2026, 3, 2),
        )
        assert content.decode() == "%PDF-1.4  预览 3 2026-03-02"
        assert not OfficialDocument.objects.exists()
        assert not NumberSeries.objects.exists()


# Who sees them


@pytest.mark.django_db
@pytest.mark.core
class TestPages:
    @pytest.fixture
    def letters(self, cast: Cast) -> dict[str, OfficialDocument]:
        """A letter about a call in draft, which only the bureau sees, and a public one."""
        given = {
            "kind": "test-letter",
            "issuer": cast.bureau,
            "facts": {"studios": 1, "on": "2026-03-02"},
            "me": cast.officer,
            "at": AT,
            "issued_on": date(2026, 3, 2),
            "series": SERIES,
        }
        inner = issue(cast.call, title="内部函", **given)
        public = issue(cast.call, title="公开的通知", public=True, **given)
        return {"inner": inner, "public": public}

    def test_the_issuer_sees_all_others_what_is_public(
        self, cast: Cast, letters: dict[str, OfficialDocument]
    ) -> None:
        assert set(seen(cast.officer)) == set(letters.values())
        for other in (cast.county_officer, make_capacity(Role.ADMIN, cast.bureau), PUBLIC):
            assert list(seen(other)) == [letters["public"]]
        assert list(documents_of(cast.call)) == [letters["public"], letters["inner"]]

    def test_who_sees_a_case_sees_its_documents(self, cast: Cast) -> None:
        application = cast.new_application("2026-0001")
        document = issue(
            application,
            kind="test-receipt",
            issuer=cast.bureau,
            title="受理函",
            facts={"studios": 1, "on": ""},
            me=cast.officer,
            at=AT,
            issued_on=date(2026, 3, 2),
        )
        assert list(seen(cast.applicant)) == [document]
        assert not seen(make_capacity(Role.OFFICER, make_school(cast.county))).exists()

    def test_the_list_can_be_searched_and_costs_the_same_for_one_row_and_for_three(
        self,
        cast: Cast,
        letters: dict[str, OfficialDocument],
        as_person: Callable[[Capacity], Client],
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        browser = as_person(cast.officer)
        page = browser.get(reverse("document-list"), {"search": "〔2026〕2号"}).content.decode()
        assert "公开的通知" in page
        assert "内部函" not in page
        send(cast.bureau, title="第三份")
        with django_assert_max_num_queries(10):
            page = browser.get(reverse("document-list")).content.decode()
        assert page.index("第三份") < page.index("公开的通知") < page.index("内部函")
        assert "正在生成" in page

    def test_a_document_says_that_its_pdf_is_being_made_and_then_hands_it_out(
        self, cast: Cast, letters: dict[str, OfficialDocument], as_person: Callable[[Capacity], Client]
    ) -> None:
        document, browser = letters["inner"], as_person(cast.officer)
        page = browser.get(reverse("document", args=[document.pk])).content.decode()
        assert "PDF 正在生成" in page
        assert document.check_code in page
        jobs.run_due(timezone.now())
        state = browser.get(reverse("document-state", args=[document.pk])).content.decode()
        assert "下载 PDF" in state
        saved = browser.get(reverse("document-pdf", args=[document.pk]))
        assert saved.getvalue().startswith(b"%PDF-1.4")
        assert saved["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        framed = browser.get(reverse("document-pdf", args=[document.pk]) + "?view")
        assert framed["Content-Disposition"].startswith("inline")
        assert framed["X-Frame-Options"] == "SAMEORIGIN"

    def test_without_a_printer_the_page_says_what_is_missing(
        self, cast: Cast, letters: dict[str, OfficialDocument], as_person: Callable[[Capacity], Client]
    ) -> None:
        printer["broken"] = True
        jobs.run_due(timezone.now())
        page = as_person(cast.officer).get(reverse("document", args=[letters["inner"].pk])).content.decode()
        assert "本机暂不能生成 PDF：服务器缺少排版组件 Pango" in page

    def test_strangers_find_no_document(
        self,
        cast: Cast,
        letters: dict[str, OfficialDocument],
        as_person: Callable[[Capacity], Client],
        client: Client,
    ) -> None:
        for name in ("document", "document-state", "document-pdf"):
            address = reverse(name, args=[letters["inner"].pk])
            assert as_person(cast.county_officer).get(address).status_code == 404
            assert client.get(address).status_code == 404
        assert client.get(reverse("document-pdf", args=[letters["public"].pk])).status_code == 200


# The public check


@pytest.mark.django_db
@pytest.mark.core
class TestCheck:
    def test_a_code_says_what_the_document_is(self, client: Client) -> None:
        document = send(make_bureau())
        page = client.get(reverse("check", args=[document.check_code])).content.decode()
        for said in ("真实有效", "赤教发〔2026〕1号", "关于公布名单的通知", "赤峰市教育局", "2026年3月2日"):
            assert said in page
        assert checks.address(document.check_code).endswith(f"/check/{document.check_code}/")

    def test_a_code_may_be_typed_in_groups_and_small_letters(self, client: Client) -> None:
        code = send(make_bureau()).check_code
        typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]}"
        answer = client.get(reverse("check-form"), {"code": typed}, follow=True)
        assert answer.redirect_chain == [(f"/check/{code}/", 302)]
        assert "真实有效" in answer.content.decode()

    @pytest.mark.parametrize("code", ["0000000000000000", "短", "<script>", "A" * 500])
    def test_an_unknown_code_is_said_to_be_unknown(self, client: Client, code: str) -> None:
        answer = client.get(reverse("check", args=[code]))
        assert answer.status_code == 404
        assert "没有查到这个查验码" in answer.content.decode()

    def test_the_form_asks_for_a_code_and_sets_no_cookie(self, client: Client) -> None:
        answer = client.get(reverse("check-form"))
        assert "查验码" in answer.content.decode()
        assert not answer.cookies

    def test_what_has_been_withdrawn_is_said_to_be_no_longer_valid(self, client: Client) -> None:
        @checks.register
        def withdrawn(code: str) -> checks.Found | None:
            if code != "PLAQUE23456789AB":
                return None
            return checks.Found(
                kind="牌匾",
                title="某工作室",
                number="赤牌1",
                issuer="教育局",
                date="2026年1月1日",
                valid=False,
                note="已收回",
            )

        page = client.get(reverse("check", args=["PLAQUE23456789AB"])).content.decode()
        assert "已失效" in page
        assert "已收回" in page
