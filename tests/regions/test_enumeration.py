"""The engine: known answers, the oracle on hard questions, and its options."""

from math import comb, factorial

import pytest

from relu_theory import Box, InvalidInput, Polytope, ReluNetwork, ShapeError, TooLarge, families
from relu_theory.regions import Tally, cells, count
from tests.regions import fuzz


def patterns(net, domain=None):
    return sorted(cell.pattern for cell in cells(net, domain))


@pytest.mark.parametrize("seed", range(60))
def test_hard_questions_have_the_oracles_regions(seed):
    name, net, domain = fuzz.question(seed)
    expected = sorted(fuzz.answers(net, domain))
    assert patterns(net, domain) == expected, name
    assert count(net, domain) == len(expected), name


@pytest.mark.heavy
def test_two_thousand_hard_questions():
    for name, net, domain in fuzz.questions(2_000, start=1_000):
        expected = sorted(fuzz.answers(net, domain))
        assert patterns(net, domain) == expected, name
        assert count(net, domain) == len(expected), name


@pytest.mark.parametrize(("dim", "regions"), [(1, 2), (2, 6), (3, 32), (4, 370), (5, 11292)])
def test_resonance(dim, regions):
    assert count(families.resonance(dim)) == regions


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_braid(n):
    assert count(families.braid(n)) == len(patterns(families.braid(n))) == factorial(n)


@pytest.mark.parametrize(("dim", "n"), [(1, 7), (2, 20), (3, 9), (4, 8)])
def test_generic_arrangements(dim, n):
    net = families.gaussian(dim, (n,), 3)
    assert count(net) == sum(comb(n, i) for i in range(dim + 1))


@pytest.mark.parametrize("k", [2, 3, 9, 14])
def test_tents(k):
    tent = families.sawtooth(k)
    assert count(tent, Box(0, 1, dim=1)) == 2**k
    assert count(tent) == 2**k + 2


def test_a_generic_network_needs_no_rational_arithmetic():
    tally = Tally()
    assert count(families.gaussian(2, (64, 64, 64), 0), Box(-1, 1, dim=2), tally=tally) == 13127
    assert tally.by_rational == 0


def test_repeated_float_rows_need_no_rational_arithmetic():
    net = families.gaussian(3, (6, 6), 1)
    weights = [[*w, *(-w)] for w in net.weights[:2]]
    weights = [weights[0], [[*row, *row] for row in weights[1]], [[1] * 12]]
    biases = [[*b, *(-b)] for b in net.biases[:2]]
    tally = Tally()
    twins = ReluNetwork(weights, [*biases, [0]])
    assert count(twins, tally=tally) == len(patterns(twins))
    assert tally.by_rational == 0


@pytest.mark.parametrize("domain", [None, Box(-1, 1, dim=3)])
def test_workers_and_checkpoints_do_not_change_the_answer(domain, tmp_path):
    net = families.gaussian(3, (10, 8), 5)
    alone = count(net, domain)
    assert count(net, domain, workers=2) == alone
    path = tmp_path / "run.json"
    assert count(net, domain, checkpoint=path) == alone
    assert count(net, domain, checkpoint=path) == alone
    with pytest.raises(InvalidInput, match="another question"):
        count(families.gaussian(3, (10, 8), 6), domain, checkpoint=path)


def test_limit_tells_what_was_counted():
    with pytest.raises(TooLarge) as caught:
        count(families.resonance(4), limit=100)
    assert caught.value.counted > 100


def test_invariances():
    net = families.gaussian(2, (8, 6), 4)
    box = Box(-1, 1, dim=2)
    expected = count(net, box)
    for changed in (
        families.rescale(net, 0, ["7/3"] * 8), families.split_neuron(net, 1, 2),
    ):
        assert count(changed, box) == expected


def test_flat_and_empty_domains():
    net = families.gaussian(3, (9,), 2)
    flat = Polytope([[1, 0, 0], [-1, 0, 0]], [0, 0])
    assert count(net, flat) == sum(comb(9, i) for i in range(3))
    assert count(net, Polytope([[1, 0, 0], [-1, 0, 0]], [-1, 0])) == 0
    assert list(cells(net, Polytope([[1, 0, 0], [-1, 0, 0]], [-1, 0]))) == []


@pytest.mark.parametrize(("options", "word"), [
    ({"kind": "best"}, "kind"), ({"arithmetic": "exactly"}, "arithmetic"),
    ({"workers": 0}, "workers"), ({"limit": -1}, "limit"),
])
def test_options_are_checked(options, word):
    with pytest.raises(InvalidInput, match=word):
        count(families.braid(3), **options)


def test_domain_of_another_dimension():
    with pytest.raises(ShapeError, match="dimension"):
        count(families.braid(3), Box(0, 1, dim=2))
