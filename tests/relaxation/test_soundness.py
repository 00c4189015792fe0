"""No bound excludes a true value, and exactness is never claimed wrongly: all methods at once.

The true values are those at the vertices of all activation regions, which no relaxation sees.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, Verdict, regions, relaxation
from relu_theory.relaxation import METHODS, bounds, exactness
from tests.strategies import boxes, networks

LINEAR = METHODS[:4]
WAYS = [
    *({"method": m} for m in METHODS),
    *({"method": m, "arithmetic": "float"} for m in LINEAR),
    *({"method": m, "precision": 3} for m in (*LINEAR[1:], "triangle")),
    {"method": "triangle", "intermediate": "crown"},
    {"method": "triangle", "intermediate": "deeppoly1", "precision": 8},
    {"method": "multineuron", "group": 1},
    {"method": "multineuron", "group": 2, "over": "preactivations"},
]


def corners(net, box):
    """The pre-activations and outputs at the vertices of all regions."""
    points = {v for cell in regions.cells(net, box) for v in cell.vertices()}
    return [[*net.preactivations_exact(x), net.forward_exact(x)] for x in points]


def contained(net, box, true, way):
    found = bounds(net, box, **way)
    for layer, (low, up) in enumerate([*found.layers, (found.lower, found.upper)]):
        for values in true:
            assert all(a <= v <= b for a, v, b in zip(low, values[layer], up, strict=True)), way
    if way.get("arithmetic") != "float":
        assert found.certificate().check(net, box)
    return found


def check(net, box):
    true = corners(net, box)
    lower, upper = (
        tuple(end(values[-1][out] for values in true) for out in range(net.output_dim))
        for end in (min, max)
    )
    for r, low, up in zip(relaxation.range(net, box), lower, upper, strict=True):
        assert (r.minimum, r.maximum) == (low, up)
    for way in WAYS:
        contained(net, box, true, way)
    for method in METHODS:
        found = exactness(net, box, method)
        ends = found.relaxed.lower, found.relaxed.upper
        assert (found.verdict is Verdict.HOLDS) == (ends == (lower, upper))
        assert found.check()


nets_and_boxes = st.integers(1, 3).flatmap(
    lambda dim: st.tuples(networks(dim, max_width=3, max_depth=2), boxes(dim))
)


@settings(max_examples=12)
@given(nets_and_boxes)
def test_all_methods(question):
    check(*question)


@pytest.mark.heavy
@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(nets_and_boxes)
def test_all_methods_on_many_networks(question):
    check(*question)


@pytest.mark.heavy
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.data(), st.integers(1, 3))
def test_deeper_and_wider_networks(data, dim):
    net = data.draw(networks(dim, max_width=5, max_depth=4, outputs=2))
    box = data.draw(boxes(dim))
    true = corners(net, box)
    for way in WAYS:
        if way["method"] != "multineuron":
            contained(net, box, true, way)


def test_the_check_itself_can_fail():
    net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    box = Box(-1, 1, dim=1)
    true = corners(net, box)
    assert contained(net, box, true, {"method": "triangle"}).upper == (1,)
    shifted = [[*values[:-1], [values[-1][0] - 2]] for values in true]
    with pytest.raises(AssertionError):
        contained(net, box, shifted, {"method": "triangle"})
