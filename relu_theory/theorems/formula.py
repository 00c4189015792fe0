"""Formulas of theorems for a browser and for a terminal."""

import re

__all__ = ["to_mathml", "to_unicode"]

_SYMBOLS = {
    "alpha": "α", "delta": "δ", "varepsilon": "ε", "lambda": "λ", "mu": "μ", "nu": "ν",
    "pi": "π", "rho": "ρ", "sigma": "σ", "varphi": "φ", "chi": "χ", "omega": "ω", "ell": "ℓ",
    "theta": "θ", "tau": "τ", "beta": "β", "gamma": "γ", "eta": "η", "kappa": "κ", "phi": "φ",
    "Delta": "Δ", "Pi": "Π", "Sigma": "Σ", "Omega": "Ω", "nabla": "∇", "partial": "∂",
    "sum": "Σ", "prod": "∏", "int": "∫", "sqrt": "√", "infty": "∞", "emptyset": "∅",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "in": "∈", "subset": "⊂",
    "subseteq": "⊆", "setminus": "∖", "cap": "∩", "cup": "∪", "cdot": "·", "times": "×",
    "circ": "∘", "oplus": "⊕", "pm": "±", "succeq": "⪰", "approx": "≈", "equiv": "≡",
    "forall": "∀", "exists": "∃", "implies": "⟹", "Rightarrow": "⟹", "iff": "⟺", "to": "→",
    "mapsto": "↦", "dots": "…", "ldots": "…", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
    "rceil": "⌉", "langle": "⟨", "rangle": "⟩", "top": "ᵀ", "quad": "\t", "qquad": "\t",
    "{": "❴", "}": "❵", "|": "‖", "#": "#", ",": " ", ";": " ", " ": " ", "!": "",
    "textstyle": "", "left": "", "right": "", "bigl": "", "bigr": "",
    "Bigl": "", "Bigr": "", "displaystyle": "", "limits": "",
}  # fmt: skip
_WRAPPER = r"(?:text|mathrm|mathcal|operatorname|mathbf)(?![a-zA-Z])"
_ACCENTS = {"bar": "\u0304", "tilde": "\u0303"}
_BLACKBOARD = {"R": "ℝ", "E": "𝔼", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "P": "ℙ"}


def to_mathml(latex: str) -> str:
    """A formula as presentation MathML, which browsers set without any script or font.

    Parameters
    ----------
    latex : str
        Of the mathematical mode; the commands of the package ``latex2mathml``.

    Examples
    --------
    >>> "<mfrac>" in to_mathml(r"\\tfrac12")
    True
    """
    from latex2mathml.converter import convert

    # The converter does not read a command after a size.
    sized = re.sub(r"\\[Bb]ig+[lrm]?(?=\\[lr](floor|ceil))", "", latex)
    return convert(sized, display="block")


def to_unicode(latex: str) -> str:
    """A formula as one line of text: symbols in place of commands, fractions with a slash.

    Examples
    --------
    >>> print(to_unicode(r"\\sum_{j=0}^{d} \\binom{n}{j} \\le \\tfrac{8}{3} \\mathbb{E} x"))
    Σ_{j=0}^d C(n, j) ≤ 8/3 𝔼 x
    """
    text = re.sub(r"\\[td]?(binom|frac)\s*(\\[a-zA-Z]+|\w)", r"\\\1{\2}", latex)
    text = re.sub(r"(\\(?:binom|frac)\{[^{}]*\})\s*(\\[a-zA-Z]+|\w)", r"\1{\2}", text)
    text = re.sub(r"\\mathbb\s*\{?(\w)\}?", lambda m: _BLACKBOARD.get(m[1], m[1]), text)
    text = re.sub(r"\\(bar|tilde)\s*\{?(\w)\}?", lambda m: m[2] + _ACCENTS[m[1]], text)
    text = text.replace(r"\{", "❴").replace(r"\}", "❵")
    for _ in range(4):
        text = re.sub(rf"\\{_WRAPPER}\s*\{{([^{{}}]*)\}}", r" \1", text)
        text = re.sub(r"\\[td]?binom\{([^{}]*)\}\{([^{}]*)\}", r" C(\1, \2)", text)
        text = re.sub(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}", _quotient, text)
        text = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"√(\1)", text)
    text = re.sub(rf"\\{_WRAPPER}\s*", "", text)
    text = re.sub(r"\\([a-zA-Z]+|.)", lambda m: _SYMBOLS.get(m[1], m[1]), text)
    text = re.sub(r"([_^])\{(\w)\}", r"\1\2", text)
    text = re.sub(r"(?<=[(\[{|⌊⌈]) | (?=[)\]},|⌋⌉])", "", re.sub(r" +", " ", text))
    return text.replace("❴", "{").replace("❵", "}").replace("\t", "   ").strip()


def _quotient(match: re.Match[str]) -> str:
    return " " + "/".join(map(_grouped, match.groups()))


def _grouped(part: str) -> str:
    return f"({part})" if re.search(r"[\s+\-=]", part.strip()) else part.strip()
