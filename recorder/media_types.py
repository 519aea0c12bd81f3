"""Media types by the names of files, as everybody has them: the same on each machine."""

from __future__ import annotations

from mimetypes import MimeTypes
from typing import Final

_KNOWN: Final = MimeTypes()
"""Those that Python brings: what a machine has besides is not read."""
_LATER: Final = {
    ".md": "text/markdown", ".yaml": "application/yaml", ".yml": "application/yaml", ".webp": "image/webp",
}  # fmt: skip
"""Those that were registered since, or that only newer ones bring."""
for _ending, _type in _LATER.items():
    _KNOWN.add_type(_type, _ending)


def media_type_of(name: str) -> str | None:
    """Give the media type of a file of this name, None where its ending tells of none."""
    return _KNOWN.guess_type(f"file:{name.rpartition('/')[2]}")[0] if "." in name else None
