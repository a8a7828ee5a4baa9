"""Whatever takes a sheet refuses the same hostile files, and no cell is ever a formula."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from evaluations.defaults import lay as lay_rubric
from evaluations.models import Rubric
from office.models import Entry
from portal.registry.rosters import ROSTERS
from programmes.ground import lay as lay_programme
from tests.factories.accounts import make_bureau, make_capacity
from tests.sheets.hostile import HOSTILE
from tests.sheets.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.core]

ADDRESSES = [*sorted(ROSTERS), "officers"]


@pytest.fixture
def browser(db: None) -> Client:
    """Whoever may import everything: the bureau's officer, owner of the programme."""
    me = make_capacity(Role.OFFICER, make_bureau())
    lay_rubric(lay_programme(me.organisation))
    client = Client()
    client.force_login(me.user)
    return client


def _address(name: str) -> str:
    if name == "officers":
        return reverse("registry:accounts_officers")
    target = f"?target={Rubric.objects.get().pk}" if name == "rubrics" else ""
    return reverse("registry:roster", args=[name]) + target


def _upload(browser: Client, name: str, content: bytes):
    return browser.post(_address(name), {"file": SimpleUploadedFile("名册.xlsx", content)})


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_import_address_refuses_a_hostile_sheet(browser: Client, kind: str) -> None:
    """422, a sentence on the page, nothing written: at each address."""
    make, _ = HOSTILE[kind]
    content = make().getvalue()
    entries = Entry.objects.count()
    for name in ADDRESSES:
        response = _upload(browser, name, content)
        assert response.status_code == 422, name
        page = response.content.decode()
        assert 'role="alert"' in page, name
        assert "没有写入任何数据" in page or "没有建立任何账号" in page, name
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", sorted(ROSTERS))
def test_a_formula_is_never_taken_and_never_handed_back(browser: Client, name: str) -> None:
    """Cells with formulas bring nothing in; a text that looks like one comes back as text."""
    columns = [column.name for column in ROSTERS[name].columns]
    formula = ["=1+1"] * len(columns)
    book = load_workbook(workbook([columns, formula, ["x"] * len(columns)]))
    for place in range(1, len(columns) + 1):
        cell = book.active.cell(3, place)
        cell.value, cell.data_type = '=HYPERLINK("http://evil.example")', "s"
    file = io.BytesIO()
    book.save(file)
    response = _upload(browser, name, file.getvalue())
    assert response.status_code == 302
    page = browser.get(response["Location"])
    assert page.context["counts"]["refused"] == len(page.context["rows"]) >= 1
    refused = browser.get(f"{response['Location']}refused/")
    sheet = load_workbook(io.BytesIO(b"".join(refused.streaming_content))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
