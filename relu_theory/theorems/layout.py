"""Columns of text that fit a terminal."""

import textwrap
from collections.abc import Collection, Sequence

__all__ = ["aligned", "shorten", "wrapped"]

_GAP = 2
_NARROWEST = 12


def shorten(text: str, width: int) -> str:
    """The text, or its beginning and three dots.

    Examples
    --------
    >>> shorten("activation regions", 12)
    'activatio...'
    """
    return text if len(text) <= width else text[: max(0, width - 3)] + "..."


def wrapped(text: str, width: int | None) -> str:
    """The text in lines of at most ``width``, the later ones indented.

    Examples
    --------
    >>> print(wrapped("braid  (zaslavsky1975; known)", 20))
    braid
      (zaslavsky1975;
      known)
    """
    if width is None or len(text) <= width:
        return text
    return textwrap.fill(text, width, subsequent_indent=" " * _GAP, break_long_words=False)


def aligned(
    lines: Sequence[Sequence[str]], left: Collection[int], width: int | None = None
) -> list[str]:
    """Lines of cells, each column as wide as its longest cell, in all at most ``width``.

    Where they do not fit, the widest columns are cut first, down to twelve characters.

    Examples
    --------
    >>> aligned([("theorem", "rows"), ("braid", "7"), ("deletion and restriction", "12")], {0}, 20)
    ['theorem         rows', 'braid              7', 'deletion an...    12']
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    while width is not None and _total(widths) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [_line(cells, widths, left) for cells in lines]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _line(cells: Sequence[str], widths: Sequence[int], left: Collection[int]) -> str:
    padded = (
        shorten(cell, width).ljust(width) if i in left else shorten(cell, width).rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return (" " * _GAP).join(padded).rstrip()
