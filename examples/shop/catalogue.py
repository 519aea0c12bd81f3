"""The shop's catalogue: twelve products, cut into pages, each with a picture."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import asdict, dataclass
from typing import Final

IMAGE_EDGE_PX: Final = 24


@dataclass(frozen=True, slots=True)
class Product:
    """Something to buy; `price` is in pence."""

    id: str
    name: str
    price: int
    stock: int
    description: str

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16] + '"'


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the catalogue, and the cursor of the next part ("" on the last page)."""

    items: tuple[Product, ...]
    next_cursor: str


_NAMES: Final = (
    ("Enamel mug", 850, "Holds tea, survives camping."),
    ("Wool blanket", 6400, "Woven in Hebden, 130 by 170 cm."),
    ("Brass lantern", 3900, "Burns lamp oil for eleven hours."),
    ("Oak tray", 2750, "Carries four mugs and a teapot."),
    ("Linen apron", 3200, "One size, two pockets."),
    ("Tin of shortbread", 600, "Three hundred grams, none left by Sunday."),
    ("Garden trowel", 1450, "Forged steel, ash handle."),
    ("Beeswax candles", 980, "A pair, twenty centimetres each."),
    ("Stoneware bowl", 1875, "Glazed by hand; no two agree."),
    ("Canvas bag", 1500, "Fifteen litres, waxed at the bottom."),
    ("Kettle, whistling", 4225, "Größe: 2 Liter. Pfeift bei 100 °C."),
    ("Wicker basket", 2990, "For picnics, cats and laundry."),
)

PRODUCTS: Final = {
    f"p-{number:02}": Product(f"p-{number:02}", name, price, 40 - number, description)
    for number, (name, price, description) in enumerate(_NAMES, start=1)
}


def page_of(cursor: str, limit: int) -> Page:
    """Give `limit` products from `cursor` on ("" is the start); an unknown cursor raises KeyError."""
    ids = list(PRODUCTS)
    start = 0 if cursor == "" else ids.index(PRODUCTS[cursor].id)
    end = start + limit
    return Page(tuple(PRODUCTS[product] for product in ids[start:end]), ids[end] if end < len(ids) else "")


def picture_of(product: Product) -> bytes:
    """Paint a PNG image: a square of stripes in the product's own colours."""
    colours = hashlib.sha256(product.id.encode()).digest()
    rows = bytearray()
    for y in range(IMAGE_EDGE_PX):
        rows.append(0)
        for x in range(IMAGE_EDGE_PX):
            stripe = (x + y) // 4 % 4 * 3
            rows += colours[stripe : stripe + 3]
    head = struct.pack(">IIBBBBB", IMAGE_EDGE_PX, IMAGE_EDGE_PX, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, content) for kind, content in chunks)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
