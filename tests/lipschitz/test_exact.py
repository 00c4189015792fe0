"""Exact constants: the published tables, every norm against the definition, degenerate networks."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Ball, Box, Polytope, ReluNetwork, WholeSpace, families, lipschitz, regions
from relu_theory.domain import reduce
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge
from relu_theory.exact import fraction
from relu_theory.lipschitz.euclidean_ball import squared_distance
from relu_theory.lipschitz.norms import operator_norm
from relu_theory.lipschitz.result import exact_gradient
from tests.lipschitz.oracle import INF, matrix_norm_by_points, vector_norm
from tests.strategies import boxes, domains, networks

# Net: l_2 on the box and on R^d, l_inf and l_1 on the box.
TABLE = {
    ("a", 0): (0.531214, 0.619068, 0.702975, 0.496129),
    ("a", 1): (0.587892, 0.734611, 0.828923, 0.491423),
    ("a", 2): (0.664283, 0.664283, 0.921710, 0.616347),
    ("b", 0): (1.294819, 1.294819, 2.201571, 1.187276),
    ("b", 1): (0.492135, 0.492806, 0.857952, 0.363112),
    ("b", 2): (1.463132, 1.463132, 2.456347, 1.374798),
}
SHAPES = {"a": (2, [16, 16, 16]), "b": (4, [12, 12])}
GADGET = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])


def named(name: str, seed: int) -> ReluNetwork:
    return families.gaussian(*SHAPES[name], seed)


@pytest.mark.parametrize("key", TABLE, ids=lambda key: f"{key[0]}{key[1]}")
def test_the_published_table(key: tuple[str, int]) -> None:
    net = named(*key)
    box = Box(-1, 1, dim=net.input_dim)
    asked = [(box, 2), (None, 2), (box, INF), (box, 1)]
    for (domain, order), wanted in zip(asked, TABLE[key], strict=True):
        found = lipschitz.exact(net, domain, order, order)
        assert f"{float(found):.6f}" == f"{wanted:.6f}"
        assert found.check(net)
        assert found.lower <= found.upper
        assert found.details["regions"] == regions.count(net, domain)


def norm_of(matrix: list, p: float, q: float) -> Fraction:
    """The norm by its definition, squared where p or q is 2; not for p = 2 with q in {1, 2}."""
    if p == 2:
        return max(vector_norm(row, 2) for row in matrix)
    return matrix_norm_by_points(matrix, p, q)


@settings(max_examples=25)
@given(st.data())
def test_the_largest_norm_over_all_cells_on_every_domain(data: st.DataObject) -> None:
    dim = data.draw(st.integers(1, 3))
    net = data.draw(networks(dim))
    domain = data.draw(st.one_of(boxes(dim, flat=False), st.just(WholeSpace(dim))))
    pairs = [(1, 1), (1, 2), (1, INF), (INF, 1), (INF, 2), (INF, INF), (2, INF)]
    cells = list(regions.cells(net, domain))
    for p, q in pairs:
        found = lipschitz.exact(net, domain, p, q)
        best = max(norm_of(cell.gradient.tolist(), p, q) for cell in cells)
        value = found.value
        square = value.squared if isinstance(value, lipschitz.Root) else value**2
        assert square == (best if 2 in (p, q) else best**2)
        assert found.check(net)


@given(st.data())
def test_spectral_norms_are_the_largest_singular_values(data: st.DataObject) -> None:
    import numpy as np

    net = data.draw(networks(2, outputs=2))
    found = lipschitz.exact(net)
    sizes = [np.linalg.norm(c.gradient.astype(float), 2) for c in regions.cells(net)]
    assert float(found) == pytest.approx(max(sizes), rel=1e-9, abs=1e-12)
    value = lipschitz.exact(net, None, 2, 1).value
    signed = [vector_norm(np.array(s) @ c.gradient, 2)
              for c in regions.cells(net) for s in ((1, 1), (1, -1))]
    assert value.squared == max(signed)


@given(st.data())
def test_flat_domains_are_treated_within_their_hull(data: st.DataObject) -> None:
    net = data.draw(networks(2, outputs=1))
    domain = data.draw(domains(2))
    if domain.is_empty:
        with pytest.raises(InvalidInput, match="empty"):
            lipschitz.exact(net, domain)
        return
    hull = reduce(domain)
    if hull.A is not None and hull.domain.dim == 0:
        with pytest.raises(InvalidInput, match="single"):
            lipschitz.exact(net, domain)
        return
    found = lipschitz.exact(net, domain)
    assert found.relative == (hull.A is not None)
    if hull.A is not None and hull.domain.dim == 1:
        direction = [row[0] for row in hull.A.tolist()]
        length = sum(fraction(v) ** 2 for v in direction)
        slopes = [sum(g * fraction(v) for g, v in zip(c.gradient[0], direction, strict=True))
                  for c in regions.cells(net, domain)]
        assert found.value.squared == max(s * s for s in slopes) / length


def test_a_diagonal_segment_has_the_slope_along_it() -> None:
    net = ReluNetwork([[[3, 1]], [[1]]], [[0], [0]])
    segment = Polytope([[1, 0], [-1, 0]], [1, 0], [[1, -1]], [0])
    # Along (1, 1) the function grows by 4 over lengths 2, sqrt(2) and 1.
    assert lipschitz.exact(net, segment, 1, 1).value == 2
    assert lipschitz.exact(net, segment, 2, 2).value.squared == 8
    assert lipschitz.exact(net, segment, INF, INF).value == 4
    assert lipschitz.exact(net, segment).relative


def test_the_function_and_the_chain_rule_differ_on_the_identity_gadget() -> None:
    assert lipschitz.exact(GADGET).value == 1
    assert lipschitz.formal(GADGET).value == 2
    assert lipschitz.formal(GADGET, Box(1, 2, dim=1)).value == 1
    one_sided = ReluNetwork([[[-1]], [[1]]], [[0], [0]])
    assert lipschitz.exact(one_sided, Box(0, 1, dim=1), 1, 1).value == 0
    assert lipschitz.formal(one_sided, Box(0, 1, dim=1), 1, 1).value == 1


@given(networks(2, max_width=3))
def test_the_formal_constant_against_all_patterns_at_all_vertices(net: ReluNetwork) -> None:
    from itertools import product

    box = Box(-1, 1, dim=2)
    best = Fraction(0)
    for cell in regions.cells(net, box):
        for vertex in cell.vertices():
            values = net.preactivations_exact(vertex)
            options = [[(False, True) if v == 0 else (v > 0,) for v in layer] for layer in values]
            flat = [choice for layer in options for choice in layer]
            for bits in product(*flat):
                at, pattern = 0, []
                for width in net.widths:
                    pattern.append(bits[at : at + width])
                    at += width
                best = max(best, operator_norm(1, 1, net.output_dim, 2).exact(
                    exact_gradient(net, tuple(pattern))))
    assert lipschitz.formal(net, box, 1, 1).value == best


def test_simple_traps() -> None:
    values = {case.name: case for case in families.load_traps()}
    net = values["iterated tent, 3 layers"].network
    assert lipschitz.exact(net, Box(0, 1, dim=2)).value == 8
    sliver = values["sliver"].network
    assert lipschitz.exact(sliver, None, 1, 1).value == 2


@pytest.mark.parametrize("shift", [-200, -27, 20, 60])
def test_scaling_by_powers_of_two(shift: int) -> None:
    net = families.gaussian(2, [8, 8], 0)
    factor = Fraction(2) ** shift
    scaled = ReluNetwork(
        [net.weights[0] * float(factor), net.weights[1], net.weights[2]],
        [net.biases[0] * float(factor), net.biases[1] * float(factor), net.biases[2]])
    one, other = lipschitz.exact(net, None, 1, 1), lipschitz.exact(scaled, None, 1, 1)
    assert other.value == one.value * factor


def test_balls() -> None:
    net = ReluNetwork([[[1, 0], [1, 0]], [[1, 5]]], [[3, -1], [0]])
    assert lipschitz.exact(net, Ball([0, 0], 1)).value == 1
    assert lipschitz.exact(net, Ball([0, 0], "1.01")).value == 6
    assert lipschitz.exact(net, Ball([0, 0], "1.01", INF), 1, 1).value == 6
    assert lipschitz.exact(net, Ball([0, 0], 1, 1), 1, 1).value == 1
    # The corner of the bounding box has a larger slope than the disc.
    corner = ReluNetwork([[[1, 1]], [[1]]], [["-1.5"], [0]])
    assert lipschitz.exact(corner, Box(-1, 1, dim=2)).value.squared == 2
    assert lipschitz.exact(corner, Ball([0, 0], 1)).value == 0
    found = lipschitz.exact(families.gaussian(2, [8, 8], 1), Ball([0, 0], "0.7"))
    assert found.check(families.gaussian(2, [8, 8], 1))


def test_exact_distances_of_polyhedra() -> None:
    assert squared_distance([(1, 0, -1), (0, 1, -2)], [0, 0])[0] == 5
    assert squared_distance([(1, 0, 1)], [0, 0])[0] == 0


def test_altered_witnesses_are_refused() -> None:
    net = families.gaussian(2, [4, 4], 0)
    found = lipschitz.exact(net, Box(-1, 1, dim=2))
    other = families.gaussian(2, [4, 4], 1)
    with pytest.raises(CertificateError):
        found.check(other)
    with pytest.raises(CertificateError, match="below"):
        replace(found, lower=found.upper * 2).check(net)
    with pytest.raises(CertificateError, match="gradient"):
        replace(found, witness=replace(found.witness, gradient=found.witness.gradient * 2)
                ).check(net)
    with pytest.raises(CertificateError, match="no witness"):
        lipschitz.bound(net, "product").check(net)
    flipped = tuple(tuple(not b for b in layer) for layer in found.witness.pattern)
    with pytest.raises(CertificateError, match="interior"):
        replace(found, witness=replace(found.witness, pattern=flipped)).check(net)


def test_bad_input() -> None:
    net = named("a", 0)
    with pytest.raises(InvalidInput, match="ord_in must be 1, 2 or"):
        lipschitz.exact(net, None, 3)
    with pytest.raises(InvalidInput, match="empty"):
        lipschitz.exact(net, Polytope([[1, 0], [-1, 0]], [0, -1]))
    with pytest.raises(InvalidInput, match="more than one point"):
        lipschitz.exact(net, Box([1, 2], [1, 2]))
    for order in (1, 2, INF):
        with pytest.raises(InvalidInput, match="radius must be positive"):
            lipschitz.exact(net, Ball([0, 0], 0, order))
    with pytest.raises(ShapeError):
        lipschitz.exact(net, Box(0, 1, dim=3))
    with pytest.raises(ShapeError):
        lipschitz.exact(net, Ball([0], 1))
    with pytest.raises(TooLarge, match="limit=10"):
        lipschitz.exact(net, limit=10)
    with pytest.raises(TooLarge, match="sign vectors"):
        lipschitz.exact(families.gaussian(30, [2], 0, 30), None, INF, 1)
    with pytest.raises(InvalidInput, match="domain"):
        lipschitz.exact(net, "box")
