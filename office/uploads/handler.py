"""Files on their way in that are too large for memory, on a server that may have no room left."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LostUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that arrived but could not be kept even for the time of its request; it has a name and no file."""


class RoomyUploadHandler(TemporaryFileUploadHandler):
    """Django's handler; without room for a file it gives a LostUpload, so that the rest of the form is still read."""

    lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; that there is no room even for its first byte is no error yet."""
        self.lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.lost = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; after the first that finds no room the others are passed over."""
        if self.lost:
            return
        try:
            self.file.write(raw_data)
        except OSError:
            self.lost = True

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file as it came, or what is left of it: its name."""
        if not self.lost:
            try:
                # What the file's own buffer still holds is written here at the latest.
                return super().file_complete(file_size)
            except OSError:
                self.lost = True
        return LostUpload(None, self.file_name, self.content_type, 0, self.charset)
