"""Closed-form counts and bounds: recorded values, second routes, and order between the bounds."""

from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.regions import bounds

architectures = st.tuples(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=0, max_size=4))


@pytest.mark.parametrize(
    ("rule", "inputs", "widths", "value"),
    [
        (bounds.serra2018_upper, 1, [3, 3], 16),
        (bounds.serra2018_upper, 1, [3, 3, 3], 64),
        (bounds.serra2018_upper, 2, [2, 4], 22),
        (bounds.serra2018_upper, 2, [4, 4], 121),
        (bounds.serra2018_upper, 2, [6, 6, 6], 10648),
        (bounds.montufar2017_upper, 2, [2, 4], 44),
        (bounds.montufar2014_lower, 2, [4, 4], 44),
        (bounds.serra2018_lower, 1, [3, 3], 16),
        (bounds.naive_upper, 3, [2, 3], 32),
    ],
)
def test_recorded_values(rule, inputs, widths, value):
    assert rule(inputs, widths) == value


@given(st.integers(1, 9), st.integers(0, 6))
def test_zaslavsky_satisfies_deletion_and_restriction(n, d):
    restricted = bounds.zaslavsky(n - 1, d - 1) if d else 0
    assert bounds.zaslavsky(n, d) == bounds.zaslavsky(n - 1, d) + restricted


@given(st.integers(1, 9), st.integers(1, 6))
def test_central_arrangement_is_two_copies_of_an_affine_one(n, d):
    assert bounds.central_arrangement(n, d) == 2 * bounds.zaslavsky(n - 1, d - 1)


def test_central_arrangement_without_hyperplanes_has_one_cell():
    assert bounds.central_arrangement(0, 3) == 1


@given(architectures)
def test_recursion_equals_the_literal_sum(architecture):
    inputs, widths = architecture
    assert bounds.hinz2019_upper(inputs, widths) == bounds.serra2018_upper(inputs, widths)


@given(architectures)
def test_the_literal_sum_by_the_definition_of_its_index_set(architecture):
    inputs, widths = architecture
    total = 0
    for js in product(*(range(n + 1) for n in widths)):
        left = [n - j for n, j in zip(widths, js, strict=True)]
        room = [min([inputs, *left[:layer], n]) for layer, n in enumerate(widths)]
        if all(j <= r for j, r in zip(js, room, strict=True)):
            term = 1
            for n, j in zip(widths, js, strict=True):
                term *= comb(n, j)
            total += term
    assert bounds.serra2018_upper(inputs, widths) == total


@given(architectures)
def test_bounds_are_ordered(architecture):
    inputs, widths = architecture
    upper = bounds.upper_bounds(inputs, widths)
    assert upper["hinz2019"] <= upper["montufar2017"] <= upper["naive"]
    assert all(lower <= upper["hinz2019"] for lower in bounds.lower_bounds(inputs, widths).values())


@given(st.integers(1, 4), st.integers(1, 12))
def test_one_layer_bounds_meet(inputs, width):
    exact = bounds.zaslavsky(width, inputs)
    assert (
        bounds.hinz2019_upper(inputs, [width])
        == bounds.montufar2017_upper(inputs, [width])
        == exact
    )
    assert set(bounds.lower_bounds(inputs, [width]).values()) <= {exact}


@given(st.lists(st.integers(3, 6), min_size=1, max_size=4))
def test_one_input_bounds_meet(widths):
    line = bounds.serra2018_line(widths)
    assert bounds.serra2018_lower(1, widths) == line == bounds.serra2018_upper(1, widths)


def test_no_hidden_layer_has_one_region():
    assert bounds.upper_bounds(3, []) == {"naive": 1, "montufar2017": 1, "hinz2019": 1}
    assert bounds.lower_bounds(3, []) == {}


def test_the_literal_sum_refuses_to_run_for_ever():
    with pytest.raises(TooLarge, match="use hinz2019_upper"):
        bounds.serra2018_upper(9, [20] * 8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bounds.zaslavsky(-1, 2), "hyperplanes must be a non-negative integer, got -1"),
        (lambda: bounds.zaslavsky(2, True), "dim must be a non-negative integer, got True"),
        (lambda: bounds.naive_upper(0, [2]), "inputs must be at least 1"),
        (lambda: bounds.naive_upper(2, [2, 1.5]), r"widths\[1\] must be"),
        (lambda: bounds.montufar2014_lower(3, [2]), r"widths\[0\] must be at least 1 x inputs = 3"),
        (lambda: bounds.serra2018_lower(2, [6, 5]), r"widths\[1\] must be at least 3 x inputs = 6"),
        (lambda: bounds.serra2018_line([]), "at least one hidden layer"),
        (lambda: bounds.resonance(9), "dim must be one of 1..8"),
        (lambda: bounds.fold_line(0, 2), "folds must be at least 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InvalidInput, match=message):
        call()
