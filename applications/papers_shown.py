"""A case's document as its page shows it: the preview of a draft, then the PDF of what was issued."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from office.documents import documents_of
from office.views.documents import pdf_state


def paper_context(case: Any, preview_url: str) -> dict[str, Any]:
    """Context of applications/paper.html: all documents of ``case``, the latest in the frame."""
    issued = list(documents_of(case).prefetch_related("supplemented_by"))
    if not issued:
        return {"paper_url": preview_url, "papers": []}
    newest = issued[0]
    url = f"{reverse('document-pdf', args=[newest.pk])}?view" if newest.pdf else ""
    return {"paper_url": url, "papers": issued, **pdf_state(newest)}
