"""Draws a picture: text on paper, as a newspaper sets it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import islice

import fontpkg_source_serif_4
from anyascii import anyascii
from PIL import Image, ImageColor, ImageDraw, ImageFont

from generator.outputs.previews.preview import Preview

SIZE = (1200, 630)
_FONT = files(fontpkg_source_serif_4) / "files" / "SourceSerif4[opsz,wght].ttf"
_SHEET, _INK, _SOFT, _ACCENT = "#fcfaf5", "#171410", "#5c554a", "#a3161b"
_SHADES = 8
# Level 9 (and what Pillow calls optimising) takes seven times as long to save a twelfth of the bytes.
_COMPRESSION = 6
_MARGIN = 80
_WIDTH = SIZE[0] - 2 * _MARGIN
_TOP, _FOOT = 150, SIZE[1] - 96
_SIZES = (84, 72, 62, 54, 46)
_LINES = 4
# More letters than any picture shows.
_MOST = 400
_SMALL = 34
_LEADING = 1.18
_PLAIN, _BOLD = 400, 600
_OPTICAL_SIZES = (8, 60)
# No font has a letter for this character: what it shows for it is what it shows for all that it lacks.
_LACKING = "\uffff"


def png(shown: Preview) -> bytes:
    """Return the picture that says what `shown` says. Letters that the font lacks are written in Latin ones."""
    image = Image.new("RGB", SIZE, _SHEET)
    draw = ImageDraw.Draw(image)
    draw.rectangle((_MARGIN, 64, SIZE[0] - _MARGIN, 70), fill=_INK)
    draw.rectangle((_MARGIN, 76, SIZE[0] - _MARGIN, 77), fill=_INK)
    _line(draw, 92, shown.above, _ACCENT)
    size, lines = _fitted(_drawable(shown.headline))
    top: float = _TOP
    for line in lines:
        draw.text((_MARGIN, top), line, font=_font(size, _BOLD), fill=_INK)
        top += size * _LEADING
    for line in _broken(_drawable(shown.below), _font(_SMALL, _PLAIN), 2):
        draw.text((_MARGIN, top + 20), line, font=_font(_SMALL, _PLAIN), fill=_SOFT)
        top += _SMALL * _LEADING
    _line(draw, _FOOT, shown.name, _INK)
    made = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(made, "PNG", compress_level=_COMPRESSION)
    return made.getvalue()


def _line(draw: ImageDraw.ImageDraw, top: int, text: str, colour: str) -> None:
    font = _font(_SMALL, _BOLD)
    for line in _broken(_drawable(text), font, 1):
        draw.text((_MARGIN, top), line, font=font, fill=colour)


def _fitted(text: str) -> tuple[int, Sequence[str]]:
    """Return the largest size in which `text` needs few lines, and those lines; in the smallest it may be cut."""
    for size in _SIZES:
        lines = _broken(text, _font(size, _BOLD), _LINES)
        if not lines or not lines[-1].endswith("…"):
            return size, lines
    return _SIZES[-1], lines


def _broken(text: str, font: ImageFont.FreeTypeFont, most: int) -> Sequence[str]:
    """Return `text` in lines as wide as the picture, `most` of them; what does not fit becomes an ellipsis."""
    lines = list(islice(_filled(text[:_MOST], font), most + 1))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last}…") > _WIDTH:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,.;:–-')}…"]


def _filled(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Yield lines of as many words as fit; a word that is wider than the picture is cut into pieces."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= _WIDTH:
            line = longer
            continue
        if line:
            yield line
        *pieces, line = _pieces(word, font)
        yield from pieces
    if line:
        yield line


def _pieces(word: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Yield pieces of `word` that are no wider than the picture."""
    while font.getlength(word) > _WIDTH:
        fitting = bisect_right(range(1, len(word)), float(_WIDTH), key=lambda end: font.getlength(word[:end]))
        yield word[: max(fitting, 1)]
        word = word[max(fitting, 1) :]
    yield word


def _drawable(text: str) -> str:
    return "".join(character if _has(character) else anyascii(character) for character in text)


@cache
def _palette() -> Image.Image:
    """Return the few colours there are: those of the text, and the shades of the soft edges of its letters."""
    sheet = ImageColor.getrgb(_SHEET)
    shades = [
        round(under + (over - under) * step / _SHADES)
        for ink in (_INK, _SOFT, _ACCENT)
        for step in range(_SHADES + 1)
        for under, over in zip(sheet, ImageColor.getrgb(ink), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


@cache
def _has(character: str) -> bool:
    font = _font(_SMALL, _PLAIN)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask(_LACKING))


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    # Laid out by Pillow itself: another library, where one is installed, would make other pictures.
    font = ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight, min(max(size, _OPTICAL_SIZES[0]), _OPTICAL_SIZES[1])])
    return font
