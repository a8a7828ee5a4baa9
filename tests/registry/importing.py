"""An import as a person does it: upload, look, confirm, take the refused rows."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.sheets.workbooks import workbook


def given(browser: Client, kind: str, *rows: list[Any], target: int | None = None, merged: tuple = ()) -> str:
    """Upload a sheet of these rows, the heading first; returns the address of the preview."""
    file = SimpleUploadedFile("名单.xlsx", workbook([["附件"], *rows], merged=merged).getvalue())
    address = f"/registry/rosters/{kind}/" + (f"?target={target}" if target is not None else "")
    response = browser.post(address, {"file": file})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def marks(browser: Client, address: str) -> dict[str, str]:
    """First cell → what becomes of the row, with its reasons."""
    page = browser.get(address)
    return {
        row["cells"][0]["value"]: "：".join([row["mark"], *row["reasons"]]) for row in page.context["rows"]
    }


def confirm(browser: Client, address: str) -> str:
    """Confirm the preview; where it leads."""
    return str(browser.post(f"{address}confirm/")["Location"])


def sheet_of(response: Any) -> list[tuple]:
    """The rows of a workbook that was handed out."""
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
