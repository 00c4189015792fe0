"""Small pieces of HTML: escaped text, a page, and numbers that can be read."""

import re
from fractions import Fraction
from html import escape
from typing import Any

from relu_theory import __version__

__all__ = ["badge", "code", "number", "page", "prose", "tally"]

_LONGEST = 28
_MARKS = {"HOLDS": "✓", "FAILS": "✗", "UNDECIDED": "?"}


def page(title: str, body: str, depth: int = 0, crumbs: str = "") -> str:
    """A whole page.

    Parameters
    ----------
    title : str
    body : str
        The content of the main part.
    depth : int
        How many folders the page is below the index.
    crumbs : str
        What follows the link to the index in the navigation.
    """
    up = "../" * depth
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{up}style.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><nav aria-label="Breadcrumb"><a href="{up}index.html">relu_theory ledger</a>{crumbs}</nav>
</header>
<main id="main">
{body}
</main>
<footer>relu_theory {escape(__version__)}. Every number here can be computed again by the command
beside it.</footer>
</body>
</html>
"""


def prose(text: str) -> str:
    """Text in words: ``*title*`` in italics, code in backquotes, comparisons as signs.

    Examples
    --------
    >>> prose("Cover, *Inequalities* (1965): `m < n`")
    'Cover, <em>Inequalities</em> (1965): <code>m &lt; n</code>'
    """
    text = " ".join(text.split()).replace(">=", "≥").replace("<=", "≤")
    text = escape(text, quote=False)
    text = re.sub(r"`+([^`]+)`+", r"<code>\1</code>", text)
    return re.sub(r"(?<![\w^*])\*(?! )([^*]+)\*(?![\w*])", r"<em>\1</em>", text)


def code(text: str) -> str:
    """Code, escaped; lines break beside an option and not in it."""
    text = re.sub(r"(?<= )(--[a-z]+)", r'<span class="flag">\1</span>', escape(text, quote=False))
    return f"<code>{text}</code>"


def badge(verdict: str, text: str = "") -> str:
    """A verdict as a sign and a word; the colour only repeats them."""
    sign = f'<span aria-hidden="true">{_MARKS[verdict]}</span>'
    return f'<span class="badge {verdict.lower()}">{sign} {escape(text or verdict)}</span>'


def tally(verdicts: list[str]) -> str:
    """How many rows have which verdict, as badges; verdicts that do not occur are left out."""
    counts = {verdict: verdicts.count(verdict) for verdict in _MARKS}
    return " ".join(badge(v, f"{n} {v}") for v, n in counts.items() if n)


def number(value: Any) -> str:
    """A value of a row in the width of a cell: a long fraction as a decimal, marked as rounded.

    Examples
    --------
    >>> number("13/48"), number(["3", "5"]), number("33333333333333333/100000000000000000")
    ('13/48', '[3, 5]', '≈&nbsp;0.3333333')
    """
    if value is None:
        return "-"
    if isinstance(value, list):
        return f"[{', '.join(map(number, value))}]"
    text = re.sub(r"^sqrt\((\w+)\)$", r"√\1", str(value))
    if len(text) <= _LONGEST:
        return escape(text, quote=False)
    match = re.fullmatch(r"(√|sqrt\()?(-?\d+(?:/\d+)?)\)?", text)
    if match is None:
        return escape(text[: _LONGEST - 1], quote=False) + "…"
    decimal = f"{float(Fraction(match[2])):.7g}"
    return f"≈&nbsp;√{decimal}" if match[1] else f"≈&nbsp;{decimal}"
