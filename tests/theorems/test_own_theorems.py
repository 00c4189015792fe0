"""Theorems that are defined outside the package."""

import pytest

from relu_theory import theorems
from relu_theory.certificate import Verdict
from relu_theory.errors import InvalidInput
from relu_theory.theorems import Instance, Measured


@theorems.theorem(
    statement="n is at most 2", latex=r"n \le 2", paper="own", mark="derived", relation="<=",
    instances=lambda quick: [Instance(str(n), {"n": n}) for n in ((1,) if quick else (1, 3))],
)  # fmt: skip
def small(n: int) -> Measured:
    """A claim with a counterexample."""
    return Measured(n, 2)


def test_own_theorems_are_checked() -> None:
    found = theorems.verify(theorems=[small])
    assert [row.verdict for row in found.rows] == [Verdict.HOLDS, Verdict.FAILS]
    assert [row.instance for row in found.failures] == ["3"]
    assert theorems.verify(theorems=[small], quick=True).failures == ()


def test_what_is_no_theorem_is_refused() -> None:
    for bad in ([], ["sauer1972"]):
        with pytest.raises(InvalidInput, match="theorems must be"):
            theorems.verify(theorems=bad)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="excludes paper"):
        theorems.verify("sauer1972", theorems=[small])
