"""Photos of the demonstration's activities: drawn, so that nobody real is on them."""

from __future__ import annotations

from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (960, 720)
WALLS = ((232, 226, 212), (214, 226, 232), (226, 232, 214), (236, 222, 222))
COATS = ((58, 84, 124), (124, 72, 62), (74, 110, 84), (96, 90, 110), (150, 116, 66))


def photo(name: str, number: int) -> SimpleUploadedFile:
    """A room with a board and people sitting before it; another for each ``number``."""
    random = Random(number)
    picture = Image.new("RGB", SIZE, WALLS[number % len(WALLS)])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 960, 720), fill=(176, 150, 118))
    draw.rectangle((180, 90, 780, 340), fill=(44, 82, 66), outline=(120, 92, 60), width=10)
    for line in range(4):
        draw.line((230, 150 + line * 45, 400 + random.randint(0, 300), 150 + line * 45), (220, 226, 220), 6)
    for row, size in enumerate((34, 44, 56)):
        for place in range(7 - row):
            x, y = 110 + place * (125 + row * 22) + random.randint(-14, 14), 430 + row * 95
            draw.ellipse((x - size // 2, y - size, x + size // 2, y), fill=(54, 44, 40))
            draw.rounded_rectangle((x - size, y - 4, x + size, y + size + 40), 18, fill=random.choice(COATS))
    content = BytesIO()
    picture.save(content, "JPEG", quality=82)
    return SimpleUploadedFile(f"{name}.jpg", content.getvalue(), content_type="image/jpeg")
