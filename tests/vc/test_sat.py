"""A second route to the dimension of finite classes: shattering as a satisfiability problem."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc

solvers = pytest.importorskip("pysat.solvers")


def shatterable(rows: list[list[int]], k: int) -> bool:
    """Whether some k points, in increasing slots, carry a concept for each of the 2^k labelings."""
    points, concepts = len(rows[0]), len(rows)
    slot = [[1 + s * points + j for j in range(points)] for s in range(k)]
    start = 1 + k * points
    words = list(product((0, 1), repeat=k))
    chosen = [[start + b * concepts + c for c in range(concepts)] for b in range(len(words))]
    clauses = [list(names) for names in [*slot, *chosen]]
    for s, names in enumerate(slot):
        clauses += [[-names[i], -names[j]] for i in range(points) for j in range(i)]
        if s:
            clauses += [[-slot[s - 1][i], -names[j]] for i in range(points) for j in range(i + 1)]
    for word, names in zip(words, chosen, strict=True):
        for c, row in enumerate(rows):
            clauses += [[-names[c], -slot[s][j]] for s in range(k) for j in range(points)
                        if row[j] != word[s]]  # fmt: skip
    with solvers.Cadical153(bootstrap_with=clauses) as solver:
        return solver.solve()


def sat_dimension(rows: list[list[int]]) -> int:
    k = 0
    while k < len(rows[0]) and shatterable(rows, k + 1):
        k += 1
    return k


@settings(max_examples=100)
@given(
    st.integers(1, 7).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1,
                           max_size=20)
    )
)  # fmt: skip
def test_dimension_by_satisfiability(rows: list[list[int]]) -> None:
    assert vc.class_dimension(rows).value == sat_dimension(rows)


@pytest.mark.parametrize("seed", range(4))
def test_larger_random_classes(seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 2, (30, 12)).tolist()
    assert vc.class_dimension(rows).value == sat_dimension(rows)
