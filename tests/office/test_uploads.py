"""Uploads are judged by what they are: honest files are taken, two hundred hostile ones are not."""

import io
import zipfile
from pathlib import PureWindowsPath

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory, override_settings
from PIL import Image

from office.uploads import BadFile, check
from tests.office.hostile import SCRIPT, good, hostile, packed, pdf, picture

FILES = hostile()


def test_there_are_two_hundred_of_them() -> None:
    assert len(FILES) >= 200
    assert len({name for name, _ in FILES}) == len(FILES)


@pytest.mark.parametrize(("name", "content"), FILES, ids=[name for name, _ in FILES])
def test_a_hostile_file_is_refused_with_what_is_allowed(name: str, content: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        check(ContentFile(content, name))
    sentence = str(refusal.value)
    assert sentence.startswith(f"“{name}”")
    assert "可上传 PDF、OFD" in sentence
    assert "每个不超过 20 MB" in sentence


@pytest.mark.parametrize("kind", good())
def test_an_honest_file_is_taken(kind: str) -> None:
    checked = check(SimpleUploadedFile(f"材料.{kind}", good()[kind]))
    assert checked.kind == kind
    assert checked.name == f"材料.{kind}"
    assert checked.size == len(checked.content.read())


def test_a_file_over_20_mb_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadFile, match="超过 20 MB，请压缩或拆分后再上传"):
        check(ContentFile(bytes(20 * 1024 * 1024 + 1), "大.pdf"))


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)),
        ("RAR 压缩包，请改用 ZIP", b"Rar!\x1a\x07\x01\0" + bytes(100)),
        ("旧版 Office 文件", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("含有宏", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"})),
        ("里的“b.zip”是压缩包里的压缩包", packed({"b.zip": packed({"a.pdf": pdf()})})),
        ("像素超过 5000 万", next(content for name, content in FILES if name == "像素炸弹.png")),
    ],
)
def test_the_refusal_says_what_is_wrong(said: str, content: bytes) -> None:
    with pytest.raises(BadFile, match=said):
        check(ContentFile(content, "文件"))


def test_a_picture_loses_its_metadata_and_whatever_hangs_on_it() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of 李四"
    exif[0x0112] = 6  # lying on its side
    taken = picture("JPEG", (40, 30), exif=exif.tobytes(), comment=b"secret") + packed({"a.html": SCRIPT})
    checked = check(ContentFile(taken, "照片.jpg"))
    content = checked.content.read()
    assert (checked.width, checked.height) == (30, 40)
    for trace in (b"Camera", b"secret", b"PK\x03\x04", b"script", b"Exif"):
        assert trace not in content
    assert not zipfile.is_zipfile(io.BytesIO(content))


def test_a_transparent_png_stays_transparent() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(output, "PNG")
    checked = check(ContentFile(output.getvalue(), "章.png"))
    assert Image.open(checked.content).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/身份证.pdf", "身份证.pdf"),
        ("C:\\Users\\wang\\身份证.pdf", "身份证.pdf"),
        ("身份证\r\nX-Evil: 1.pdf", "身份证X-Evil: 1.pdf"),
        ("fdp.\u202e身份证.pdf", "fdp.身份证.pdf"),
        ("身份证", "身份证.pdf"),
        ("身份证.PDF", "身份证.pdf"),
        ("2026.3", "2026.3.pdf"),
        ("..", "附件.pdf"),
        ("证" * 10_000 + ".pdf", "证" * 251 + ".pdf"),
    ],
)
def test_the_name_shown_is_a_plain_name_of_at_most_255_characters(given: str, shown: str) -> None:
    # A ContentFile carries its name as it is; Django's own upload class would have cut it first.
    checked = check(ContentFile(pdf(), given))
    assert checked.name == shown
    assert PureWindowsPath(checked.name).name == checked.name or ":" in shown


def test_a_png_that_is_called_jpg_gets_its_right_ending() -> None:
    assert check(ContentFile(picture("PNG"), "照片.jpg")).name == "照片.png"


def test_a_zip_made_by_windows_in_china_is_read() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("ABCDEF.pdf", pdf())
    # 6 bytes of ASCII become three characters in GBK, one of them with a backslash as its second byte.
    content = output.getvalue().replace(b"ABCDEF", "誠昞章".encode("gbk"))
    assert check(ContentFile(content, "证书.zip")).kind == "zip"


def test_a_file_that_finds_no_room_on_its_way_in_is_refused_with_the_reason() -> None:
    """Larger than memory takes, and the folder for what is on its way is gone: the rest of the form is read."""
    with override_settings(FILE_UPLOAD_TEMP_DIR="/nowhere"):
        request = RequestFactory().post(
            "/", {"text": "意见", "file": SimpleUploadedFile("大.pdf", bytes(3 * 1024 * 1024))}
        )
        assert request.POST["text"] == "意见"
        with pytest.raises(BadFile, match="存储空间已满"):
            check(request.FILES["file"])
