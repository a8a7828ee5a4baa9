"""Pictures: opened within bounds and written anew, so that only pixels remain."""

import io
import struct
from typing import BinaryIO

from PIL import Image, ImageOps

from .problem import BadFile

# A picture of 50 million pixels needs 150 MB while it is open; telephones make up to 50.
MAX_PIXELS = 50_000_000
TOO_LARGE = "的像素超过 5000 万，请缩小尺寸后再上传"
FORMATS = {"jpg": "JPEG", "png": "PNG"}
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def open_picture(file: BinaryIO, kind: str) -> Image.Image:
    """The picture, decoded to its last pixel. Raises BadFile for what is damaged or too large."""
    try:
        picture = Image.open(file, formats=(FORMATS[kind],))
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise BadFile(TOO_LARGE)
        picture.load()
    except BadFile:
        raise
    except Image.DecompressionBombError as error:
        raise BadFile(TOO_LARGE) from error
    except BROKEN as error:
        raise BadFile("不是完好的图片，请重新拍照或导出后再上传") from error
    return picture


def rewritten(file: BinaryIO, kind: str) -> tuple[bytes, int, int]:
    """(content, width, height) of the picture written anew: upright, without place, camera, comments, attachments."""
    picture = ImageOps.exif_transpose(open_picture(file, kind))
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    output = io.BytesIO()
    if kind == "jpg":
        plain = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        plain.save(output, "JPEG", quality=90)
    else:
        picture.save(output, "PNG")
    return output.getvalue(), *picture.size
