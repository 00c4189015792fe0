"""The shipped cases: complete, as described, and right by a second route."""

import json
from fractions import Fraction
from importlib import resources

import pytest

from relu_theory import Box, WholeSpace, families
from relu_theory.testing import load_constants, load_ranges
from tests import oracles
from tests.testing import described

DATA = resources.files("relu_theory") / "data"


def rows_of(box) -> list[tuple]:
    rows = []
    for i, (low, high) in enumerate(zip(box.lower, box.upper, strict=True)):
        unit = [Fraction(i == j) for j in range(box.dim)]
        rows += [(*unit, -low), (*(-u for u in unit), high)]
    return rows


def plain(net) -> tuple[list, list]:
    data = net.to_dict()
    weights = [[list(map(Fraction, row)) for row in w] for w in data["weights"]]
    return weights, [list(map(Fraction, b)) for b in data["biases"]]


@pytest.mark.parametrize("name", described.FILES)
def test_the_file_is_written_again_as_it_is(name):
    assert described.written(name) == (DATA / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ranges", "constants", "integers"])
def test_numbers_are_text_that_any_reader_understands(name):
    head = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    assert head["format"] == f"relu_theory {name} 1"
    for case in head["cases"]:
        for layer in (*case["network"]["weights"], case["network"]["biases"]):
            assert all(str(Fraction(v)) == v for row in layer for v in row)


def test_weights_are_exact_in_floats():
    for case in (*load_ranges(), *load_constants(), *families.load_integers()):
        assert case.network.float_exact, case.name


@pytest.mark.parametrize("case", families.load_integers()[::6], ids=lambda case: case.name)
def test_counts_of_integer_networks_by_the_oracle(case):
    for domain, count in case.counts:
        rows = [] if isinstance(domain, WholeSpace) else rows_of(domain)
        assert len(oracles.regions(*plain(case.network), rows)) == count


def is_small(case) -> bool:
    """Whether the oracle can try all corners, or there is but one point."""
    sides = [b - a for a, b in zip(case.box.lower, case.box.upper, strict=True)]
    return not any(sides) or (all(sides) and case.network.num_neurons <= 6)


@pytest.mark.parametrize("case", [*filter(is_small, load_ranges())], ids=lambda case: case.name)
def test_ranges_by_the_corners_of_all_cells(case):
    """Extremes are at vertices, found by trying all corners of each region of the oracle."""
    if case.box.lower == case.box.upper:
        values = [case.network.forward_exact(case.box.lower)]
    else:
        cells = oracles.cells(*plain(case.network), rows_of(case.box))
        rays = {ray for cell in cells for ray in cell.rays}
        values = [case.network.forward_exact([Fraction(v, w) for v in x]) for *x, w in rays]
    found = tuple((min(column), max(column)) for column in zip(*values, strict=True))
    assert found == case.ranges


@pytest.mark.parametrize("case", load_constants(), ids=lambda case: case.name)
def test_constants_by_the_gradients_of_all_regions(case):
    weights, biases = plain(case.network)
    for known in case.constants:
        rows = rows_of(known.domain) if isinstance(known.domain, Box) else []
        squares = []
        for pattern in oracles.regions(weights, biases, rows):
            matrix, _ = case.network.affine_map(pattern)
            (gradient,) = matrix.tolist()
            # The dual norm, since there is one output.
            squares.append({
                1: max(abs(v) for v in gradient) ** 2,
                2: sum(v * v for v in gradient),
                float("inf"): sum(abs(v) for v in gradient) ** 2,
            }[known.ord])
        assert max(squares) == known.squared
