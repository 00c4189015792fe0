"""Ridge representations in sympy and LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relu_theory.integral.laws import GAUSSIAN

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["bias_symbol", "density", "latex", "support", "weight", "weight_symbols"]


def weight_symbols(rep: RidgeRepresentation) -> tuple[Any, ...]:
    """The symbols w_1, ..., w_n of the weight vector, real."""
    import sympy

    return sympy.symbols(f"w1:{rep.law.ambient + 1}", real=True)


def bias_symbol() -> Any:
    """The symbol b."""
    import sympy

    return sympy.Symbol("b", real=True)


def weight(rep: RidgeRepresentation) -> Any:
    """The weight g(w, b)."""
    import sympy

    w, b = weight_symbols(rep), bias_symbol()
    seen = [w[i] for i in rep.law.support] + list(w[rep.law.inputs :])
    common = sympy.exp(sympy.Rational(str(rep.exponent)))
    total = sympy.Integer(0)
    for term in rep.terms:
        kernel = 1 if rep.bias.point is not None else term.kernel.sympy(b)
        total += term.scale.sympy() * term.c.sympy(seen) * kernel
    return sympy.simplify(common) * total


def density(rep: RidgeRepresentation) -> Any:
    """The density of the bias, where it has one."""
    import sympy

    return sympy.Integer(1) if rep.bias.point is not None else rep.bias.sympy(bias_symbol())


def support(rep: RidgeRepresentation) -> str:
    """Where the representing measure lives."""
    n = rep.law.ambient
    directions = f"w in R^{n}" if rep.law.kind == GAUSSIAN else f"w on the unit sphere of R^{n}"
    if rep.law.extra:
        directions += f", of which a neuron sees the first {rep.inputs} coordinates"
    if rep.bias.point is not None:
        return f"{directions}; b = {rep.bias.point}"
    end = "infinity" if rep.bias.upper is None else rep.bias.upper
    return f"{directions}; b from 0 to {end}"


def latex(rep: RidgeRepresentation) -> str:
    """The identity."""
    import sympy

    symbols = [rep.symbols[i] for i in rep.law.support]
    f = sympy.latex(rep.target.sympy(symbols))
    g = sympy.latex(weight(rep))
    affine = rep.affine.sympy(symbols)
    seen = f"w_{{1..{rep.inputs}}}" if rep.law.extra else "w"
    inner = rf"\langle {seen}, x\rangle"
    if rep.bias.point is None:
        upper = rep.bias.upper
        end = r"\infty" if upper is None else sympy.latex(sympy.Rational(str(upper)))
        body = rf"\int_0^{{{end}}} \left({g}\right) \left({inner} - b\right)_+ \, db"
    else:
        body = rf"\left({g}\right) \left({inner} - {rep.bias.point}\right)_+"
    body = rf"\mathbb{{E}}_{{w \sim {rep.law.describe()}}} {body}"
    if affine != 0:
        body = f"{sympy.latex(affine)} + {body}"
    if rep.multiplied:
        body = rf"e^{{-|x|^2/2}} \left[{body}\right]"
    where = ""
    if rep.on_sphere:
        where = r", \quad |x| = 1"
    elif rep.radius is not None:
        where = rf", \quad |x| \le {rep.radius}"
    return f"{f} = {body}{where}"
