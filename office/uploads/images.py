"""Pictures: opened within bounds and written anew, so that only pixels remain."""

import io
import struct
from typing import Any, BinaryIO

from PIL import Image, ImageOps

from .problem import BadFile

# A picture of 50 million pixels needs 150 MB while it is open; telephones make up to 50.
MAX_PIXELS = 50_000_000
TOO_LARGE = "的像素超过 5000 万，请缩小尺寸后再上传"
FORMATS = {"jpg": "JPEG", "png": "PNG"}
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def open_picture(file: BinaryIO, kind: str, longest: int = 0) -> Image.Image:
    """The picture, decoded to its last pixel. Raises BadFile for what is damaged or too large.

    Where no side has to be longer than ``longest``, a JPEG may come out smaller than it is, but no smaller than that.
    """
    try:
        picture = Image.open(file, formats=(FORMATS[kind],))
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise BadFile(TOO_LARGE)
        if longest:
            # A JPEG is then decoded at a half, a quarter or an eighth: a tenth of the time and the memory.
            picture.draft(None, (longest, longest))
        picture.load()
    except BadFile:
        raise
    except Image.DecompressionBombError as error:
        raise BadFile(TOO_LARGE) from error
    except BROKEN as error:
        raise BadFile("不是完好的图片，请重新拍照或导出后再上传") from error
    return picture


def rewritten(file: BinaryIO, kind: str, longest: int = 0) -> tuple[bytes, int, int]:
    """(content, width, height) of the picture written anew: upright, without place, camera, comments, attachments.

    ``longest`` bounds its longer side, in pixels; 0 leaves it as it is.
    """
    picture = ImageOps.exif_transpose(open_picture(file, kind, longest))
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    if longest and max(picture.size) > longest:
        picture = ImageOps.contain(picture, (longest, longest))
    output = io.BytesIO()
    if kind == "jpg":
        plain = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        plain.save(output, "JPEG", quality=90)
    else:
        picture.save(output, "PNG")
    return output.getvalue(), *picture.size


def preview(file: Any, kind: str, longest: int) -> bytes:
    """A small JPEG of a stored picture, no side longer than ``longest`` pixels; raises BadFile as ``open_picture``."""
    picture = open_picture(file, kind, longest)
    picture.thumbnail((longest, longest))
    output = io.BytesIO()
    picture.convert("RGB").save(output, "JPEG", quality=80)
    return output.getvalue()
