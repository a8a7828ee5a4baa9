"""The one stored file to which every attachment of the data set leads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pypdf import PdfWriter


@dataclass(frozen=True)
class SharedFile:
    """Where it lies, and what its rows say of it."""

    path: str
    size: int
    sha256: str


def shared_file() -> SharedFile:
    """Store the one small PDF."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    stream = BytesIO()
    writer.write(stream)
    content = stream.getvalue()
    path = default_storage.save("attachments/da/dataset", ContentFile(content))
    return SharedFile(path, len(content), hashlib.sha256(content).hexdigest())
