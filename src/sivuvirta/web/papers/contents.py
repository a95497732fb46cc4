"""Contents: what a file is, told by its bytes and never by its name; pictures are drawn anew, so that nothing hides in them."""

from __future__ import annotations

import io
import re
import warnings

from attrs import frozen
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from sivuvirta.errors import SivuvirtaError

LARGEST = 10_000_000  # bytes of a file
_PIXELS = 40_000_000  # of a picture: more would fill the memory
_SIDE = 4000  # pixels of a side that are kept
_HEAD = 1024  # bytes within which a PDF says that it is one


class ContentError(SivuvirtaError):
    """A file that is not taken; the message says why and what to do."""


@frozen
class Content:
    """What is kept of a file."""

    kind: str  # pdf, png, jpeg
    data: bytes


def read(data: bytes) -> Content:
    """A file as it is kept.

    Raises:
        ContentError: it is empty, too large, or neither a PDF nor a PNG or JPEG picture.
    """
    if not data:
        raise ContentError(_("The file is empty. Choose another."))
    if len(data) > LARGEST:
        limit = LARGEST // 1_000_000
        raise ContentError(_("The file is larger than %(limit)s MB. Send a smaller one.") % {"limit": limit})
    if re.match(rb"\s{0,64}%PDF-\d", data[:_HEAD]):
        if b"%%EOF" not in data[-2048:]:
            raise ContentError(_("This PDF breaks off before its end. Send it again."))
        return Content("pdf", data)
    return _picture(data)


def _picture(data: bytes) -> Content:
    """A picture drawn anew: turned upright, without place, time and whatever else stood beside it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
                if found.width * found.height > _PIXELS:
                    raise ContentError(_("This picture has too many pixels. Send a smaller one."))
                kind = "png" if found.format == "PNG" else "jpeg"
                drawn = ImageOps.exif_transpose(found).convert("RGBA" if kind == "png" else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ContentError(_("Only PDF, PNG and JPEG are taken. Save it as one of them.")) from None
    except (OSError, ValueError, SyntaxError):
        raise ContentError(_("This picture is broken. Send it again.")) from None
    drawn.thumbnail((_SIDE, _SIDE))
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    into = io.BytesIO()
    clean.save(into, "PNG" if kind == "png" else "JPEG", **({} if kind == "png" else {"quality": 88}))
    return Content(kind, into.getvalue())
