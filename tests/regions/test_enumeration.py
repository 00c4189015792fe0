"""The engine: known answers, the oracle, a second way of counting, invariances, its options."""

import json
import sys
from fractions import Fraction
from itertools import combinations
from math import comb, factorial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relu_theory import (
    Box,
    InvalidInput,
    Polytope,
    ReluNetwork,
    ShapeError,
    TooLarge,
    WholeSpace,
    families,
)
from relu_theory.exact import rank
from relu_theory.regions import Tally, cells, count
from relu_theory.regions.machine import Machine
from tests.regions import fuzz
from tests.strategies import boxes, degenerate_networks, domains, networks

TABLES = [*families.load_traps(), *families.load_workloads()]


def patterns(net, domain=None):
    return sorted(cell.pattern for cell in cells(net, domain))


def check_against_the_oracle(name, net, domain):
    expected = fuzz.answers(net, domain)
    assert patterns(net, domain) == expected, name
    assert count(net, domain) == len(expected), name


# Known answers


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_counts_of_the_tables(case):
    for domain, expected in case.counts:
        assert count(case.network, domain) == expected


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_cells_of_the_tables(case):
    for domain, expected in case.counts:
        if expected < 2_000:
            found = patterns(case.network, domain)
            assert len(found) == len(set(found)) == expected


@pytest.mark.heavy
@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_all_cells_of_the_tables(case):
    for domain, expected in case.counts:
        found = [cell.pattern for cell in cells(case.network, domain)]
        assert len(found) == len(set(found)) == expected


@pytest.mark.parametrize(("dim", "regions"), [(1, 2), (2, 6), (3, 32), (4, 370), (5, 11292)])
def test_resonance(dim, regions):
    net = families.resonance(dim)
    assert count(net) == regions
    assert sum(1 for _ in cells(net)) == regions


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_braid(n):
    assert count(families.braid(n)) == len(patterns(families.braid(n))) == factorial(n)


@pytest.mark.parametrize(("dim", "n"), [(1, 7), (2, 20), (3, 9), (4, 8), (5, 7), (6, 8)])
def test_generic_arrangements(dim, n):
    expected = sum(comb(n, i) for i in range(dim + 1))
    for net in (families.gaussian(dim, (n,), 3), families.generic_arrangement(n, dim)):
        assert count(net) == sum(1 for _ in cells(net)) == expected


@pytest.mark.parametrize(("dim", "n"), [(2, 9), (3, 8), (4, 7)])
def test_central_arrangements(dim, n):
    expected = 2 * sum(comb(n - 1, i) for i in range(dim))
    assert count(families.central_arrangement(n, dim)) == expected


@pytest.mark.parametrize("k", [2, 3, 9, 14, 20])
def test_tents(k):
    tent = families.sawtooth(k)
    assert count(tent, Box(0, 1, dim=1)) == 2**k
    assert count(tent) == 2**k + 2


@pytest.mark.parametrize(("folds", "layers", "dim"), [(3, 3, 1), (2, 2, 3), (3, 2, 2)])
def test_foldings_of_the_cube(folds, layers, dim):
    net = families.folding(folds, layers, dim)
    assert count(net, Box(0, 1, dim=dim)) == folds ** (layers * dim)


def test_more_than_64_neurons_and_hyperplanes_through_a_vertex():
    """Masks and patterns of several words."""
    grid = families.grid(2, [Fraction(k, 40) for k in range(1, 40)])
    assert count(grid, Box(0, 1, dim=2)) == sum(1 for _ in cells(grid, Box(0, 1, dim=2))) == 1600
    pencil = families.arrangement([[k, 1] for k in range(150)])
    assert count(pencil) == sum(1 for _ in cells(pencil)) == 300
    fan = families.arrangement([[k, 1, k * k] for k in range(80)])
    assert count(fan) == sum(1 for _ in cells(fan)) == 2 * sum(comb(79, i) for i in range(3))


# The oracle


@given(st.data(), st.integers(1, 4))
def test_random_and_degenerate_networks_on_every_kind_of_domain(data, dim):
    net, domain = data.draw(networks(dim, max_width=3)), data.draw(domains(dim))
    check_against_the_oracle("", net, domain)


@given(st.data(), st.integers(1, 2))
def test_deeper_networks(data, dim):
    net = data.draw(networks(dim, max_width=3, max_depth=4))
    check_against_the_oracle("", net, data.draw(boxes(dim)))


@pytest.mark.parametrize("seed", range(150))
def test_hard_questions_have_the_oracles_regions(seed):
    check_against_the_oracle(*fuzz.question(seed))


# Questions that were once answered wrongly: vertices beyond the range of floats, cells that nearly
# contain a line, coefficients that underflow.
@pytest.mark.parametrize("seed", [2_201, 10_470, 10_960, 11_050, 22_201])
def test_former_mistakes(seed):
    check_against_the_oracle(*fuzz.question(seed))


@pytest.mark.heavy
def test_two_thousand_hard_questions():
    for name, net, domain in fuzz.questions(2_000, start=1_000):
        check_against_the_oracle(name, net, domain)


# A second way of counting


def whitney(net: ReluNetwork) -> int:
    """Regions of a one-layer network on R^d: (-1)^(size - rank) over consistent subsets."""
    (weights, _), (biases, _) = fuzz.exact_layers(net)
    planes = [(*w, b) for w, b in zip(weights, biases, strict=True) if any(w)]
    total = 0
    for size in range(len(planes) + 1):
        for chosen in combinations(planes, size):
            normals = rank([row[:-1] for row in chosen]) if chosen else 0
            if not chosen or rank(list(chosen)) == normals:
                total += (-1) ** (size - normals)
    return total


@given(st.data(), st.integers(1, 4))
def test_whitneys_theorem(data, dim):
    net = data.draw(degenerate_networks(dim, max_width=7, max_depth=1))
    assume(net.depth == 1)
    assert count(net) == sum(1 for _ in cells(net)) == whitney(net)


@pytest.mark.parametrize("dim", [2, 3, 4])
@pytest.mark.parametrize("bound", [2, 10])
def test_counting_and_streaming_agree_on_integer_networks(dim, bound):
    net = families.random_integer(dim, [8, 6], seed=dim, bound=bound)
    for domain in (None, Box(-1, 1, dim=dim)):
        assert count(net, domain) == len(set(patterns(net, domain)))


@pytest.mark.parametrize("seed", range(3))
def test_counting_and_streaming_agree_without_biases(seed):
    """All hyperplanes of every layer through the origin, in floats."""
    for dim, widths in ((2, [9, 9, 9]), (3, [7, 7]), (4, [6, 6])):
        net = families.gaussian(dim, widths, seed=seed)
        net = ReluNetwork(net.weights, [0 * b for b in net.biases])
        assert count(net) == len(patterns(net)) == count(net, Box(-1, 1, dim=dim))


# Invariances


@st.composite
def questions(draw):
    dim = draw(st.integers(1, 3))
    net = draw(networks(dim, max_width=3))
    assume(net.depth)
    return net, draw(st.one_of(st.just(WholeSpace(dim)), boxes(dim)))


@given(questions(), st.data())
def test_rewritten_networks_have_as_many_regions(question, data):
    net, domain = question
    expected = count(net, domain)
    layer = data.draw(st.integers(0, net.depth - 1))
    width = net.widths[layer]
    neuron = data.draw(st.integers(0, width - 1))
    factors = [data.draw(st.sampled_from(["1/3", 1, "7/5", 2, 10**6])) for _ in range(width)]
    order = data.draw(st.permutations(range(width)))
    for changed in (
        families.permute(net, layer, order),
        families.rescale(net, layer, factors),
        families.split_neuron(net, layer, neuron, "1/2"),
        families.duplicate(net, layer, neuron, -3),
        families.add_dead_neurons(net, layer),
        families.scaled(net, Fraction(1, 2**200)),
        families.scaled(net, 2**60),
    ):
        assert count(changed, domain) == expected


@given(questions(), st.data())
def test_invertible_affine_changes_of_the_input(question, data):
    """The domain moves along."""
    net, domain = question
    d = net.input_dim
    shear = [[Fraction(i == j) + (j > i) * data.draw(st.integers(-2, 2)) for j in range(d)]
             for i in range(d)]
    shift = [data.draw(st.sampled_from([0, Fraction(1, 3), -2])) for _ in range(d)]
    moved = WholeSpace(d)
    rows, flat = domain.halfspaces(), domain.equalities()
    if rows or flat:
        left, right = pulled_back(rows, shear, shift)
        equal, ends = pulled_back(flat, shear, shift)
        moved = Polytope([[-v for v in row] for row in left] or None, right or None,
                         equal or None, [-v for v in ends] or None)
    assert count(net.restrict(shear, shift), moved) == count(net, domain)


def pulled_back(rows, matrix, shift):
    left = [[sum(a * m[j] for a, m in zip(row, matrix, strict=False)) for j in range(len(shift))]
            for row in rows]
    return left, [row[-1] + sum(a * s for a, s in zip(row, shift, strict=False)) for row in rows]


@pytest.mark.parametrize("factor", [1 / 3, 1e-30, 1e100, 2.0**-200])
def test_rounded_rescalings_of_generic_networks(factor):
    net = families.gaussian(3, [10, 8], seed=6)
    scaled = ReluNetwork([factor * net.weights[0], *net.weights[1:]],
                         [factor * net.biases[0], factor * net.biases[1], net.biases[2]])
    for domain in (None, Box(-1, 1, dim=3)):
        assert count(scaled, domain) == count(net, domain)


def test_nothing_but_duplicated_layers_in_floats():
    """Repeated rows and opposite rows, in every layer."""
    net = families.gaussian(3, (6, 6), 1)
    first, second, _ = net.weights
    second = [[*row, *row] for row in second]
    twins = ReluNetwork([[*first, *(-first)], [*second, *second], [[1] * 12]],
                        [[*net.biases[0], *(-net.biases[0])], [*net.biases[1]] * 2, [0]])
    tally = Tally()
    assert count(twins, tally=tally) == len(patterns(twins))
    assert tally.by_rational == 0


# Domains


def test_flat_and_empty_domains():
    net = families.gaussian(3, (9,), 2)
    flat = Polytope([[1, 0, 0], [-1, 0, 0]], [0, 0])
    assert count(net, flat) == sum(comb(9, i) for i in range(3))
    empty = Polytope([[1, 0, 0], [-1, 0, 0]], [-1, 0])
    assert count(net, empty) == 0
    assert list(cells(net, empty)) == []
    assert count(net, Box(1, 1, dim=3)) == 1


def test_networks_that_see_nothing():
    blind = ReluNetwork([[[0, 0], [0, 0]], [[1, 1]]], [[1, -1], [0]])
    assert count(blind) == count(blind, Box(0, 1, dim=2)) == 1
    assert patterns(blind) == [((True, False),)]
    assert count(ReluNetwork([[[1, 1]]], [[0]])) == 1
    half = ReluNetwork([[[1, 0, 0]], [[1]], [[1]]], [[0], [-1], [0]])
    assert count(half) == 3


# Options


def test_a_generic_network_needs_no_rational_arithmetic():
    tally = Tally()
    assert count(families.gaussian(2, (64, 64, 64), 0), Box(-1, 1, dim=2), tally=tally) == 13127
    assert tally.by_rational == 0
    assert tally.regions == 13127
    assert tally.by_float > 0


def test_float_arithmetic_on_a_generic_network():
    net = families.gaussian(3, (8, 6), 0)
    assert count(net, arithmetic="float") == count(net)
    assert sum(1 for _ in cells(net, arithmetic="float")) == count(net)


@pytest.mark.parametrize("domain", [None, Box(-1, 1, dim=3)])
def test_workers_do_not_change_the_answer(domain):
    for net in (families.gaussian(3, (10, 8), 5), families.random_integer(3, [8, 6], seed=4)):
        assert count(net, domain, workers=2) == count(net, domain)


@given(questions())
def test_workers_on_degenerate_questions(question):
    assert count(*question, workers=2) == count(*question)


def test_a_run_that_was_interrupted_goes_on(tmp_path, monkeypatch):
    net, path = families.gaussian(3, (10, 8), 5), tmp_path / "run.json"
    expected, run, started = count(net), Machine.run, []

    def interrupted(self, cone, **options):
        # The cutting into parts runs machines too, but has nobody to check with.
        started.extend([cone] * ("check" in options))
        if len(started) == 6:
            raise KeyboardInterrupt
        return run(self, cone, **options)

    monkeypatch.setattr(Machine, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        count(net, checkpoint=path)
    finished = len(json.loads(path.read_text())["parts"])
    assert finished == 5
    monkeypatch.setattr(Machine, "run", run)
    tally = Tally()
    assert count(net, checkpoint=path, tally=tally) == tally.regions == expected
    assert len(json.loads(path.read_text())["parts"]) > finished
    assert count(net, checkpoint=path, workers=1) == expected


@pytest.mark.parametrize("other", [
    (families.gaussian(3, (10, 8), 6), Box(-1, 1, dim=3), "exact"),
    (families.gaussian(3, (10, 8), 5), Box(-2, 1, dim=3), "exact"),
    (families.gaussian(3, (10, 8), 5), Box(-1, 1, dim=3), "float"),
], ids=["network", "domain", "arithmetic"])  # fmt: skip
def test_a_checkpoint_of_another_question_is_refused(other, tmp_path):
    path = tmp_path / "run.json"
    count(families.gaussian(3, (10, 8), 5), Box(-1, 1, dim=3), checkpoint=path)
    with pytest.raises(InvalidInput, match=r"checkpoint .* belongs to another question"):
        count(other[0], other[1], arithmetic=other[2], checkpoint=path)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_progress_bar_goes_to_a_terminal_only(terminal, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    assert count(families.braid(3), progress=True) == 6
    captured = capsys.readouterr()
    assert captured.out == ""
    assert ("regions" in captured.err) == terminal


@pytest.mark.parametrize("workers", [1, 2])
def test_limit_tells_what_was_counted(workers):
    with pytest.raises(TooLarge, match="limit=100") as caught:
        count(families.resonance(4), limit=100, workers=workers)
    assert caught.value.counted > 100
    assert count(families.braid(3), limit=6) == 6


def test_limit_of_a_stream():
    with pytest.raises(TooLarge) as caught:
        list(cells(families.resonance(4), limit=100))
    assert caught.value.counted > 100


def test_the_stream_has_the_same_order_in_every_run():
    net = families.random_integer(3, [6, 6], seed=0)
    assert [c.pattern for c in cells(net)] == [c.pattern for c in cells(net)]


@pytest.mark.parametrize(("options", "word"), [
    ({"kind": "best"}, "kind must be"), ({"arithmetic": "exactly"}, "arithmetic must be"),
    ({"workers": 0}, "workers must be"), ({"workers": True}, "workers must be"),
    ({"workers": 1.5}, "workers must be"), ({"limit": -1}, "limit must be"),
    ({"limit": 2.5}, "limit must be"),
])  # fmt: skip
def test_options_are_checked(options, word):
    with pytest.raises(InvalidInput, match=word):
        count(families.braid(3), **options)


def test_domains_are_checked():
    with pytest.raises(ShapeError, match="domain has dimension 2 but the network has 3 inputs"):
        count(families.braid(3), Box(0, 1, dim=2))
    with pytest.raises(ShapeError, match="domain has dimension 2"):
        cells(families.braid(3), Box(0, 1, dim=2))
    with pytest.raises(InvalidInput, match="domain must be a Box, a Polytope or a WholeSpace"):
        count(families.braid(3), "cube")


def test_networks_with_nan_cannot_be_built():
    with pytest.raises(InvalidInput):
        ReluNetwork([[[float("nan")]], [[1]]], [[0], [0]])
