"""Convex regions: known answers, pieces and witnesses checked by other means than the search."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, TooLarge, Undecided, families
from relu_theory.exact import generators
from relu_theory.regions import bounds, convex_regions, count, surviving_hyperplanes
from relu_theory.regions.coarsening import Blocks, smallest_cover
from relu_theory.regions.convex import convex_of_subdivision
from relu_theory.regions.subdivision import subdivide
from tests import strategies

BUMP = ReluNetwork([[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]], [[1]]],
                   [[0, 0, 0, 0], [1], [0]])


def hull(found, cells):
    """Primitive rows of the hull of some cells: the extreme rays of the dual cone."""
    points = [found.generators[g] for c in cells for g in found.corners[c]]
    for line in found.cells[0].lines():
        points += [(*line, 0), (*(-x for x in line), 0)]
    return generators(points, len(points[0]))


def holds(rows, point):
    return all(sum(a * x for a, x in zip(r, point, strict=True)) >= 0 for r in rows.rays)


def check_pieces(result):
    """The pieces are convex unions of cells with one map, and cover each cell once."""
    found = result.subdivision
    for pieces in (result.pieces, result.loose_pieces):
        assert sorted(c for piece in pieces for c in piece) == list(range(found.size))
        assert all(is_piece(found, piece) for piece in pieces)


def check_faces(result):
    """Any two pieces of the complex meet in a set that is the hull's face of each."""
    for one, two in combinations(result.pieces, 2):
        assert meet_in_a_face(result.subdivision, one, two)


def dot(row, g):
    return sum(a * x for a, x in zip(row, g, strict=True))


def check_witnesses(result, samples=24):
    """Between two points of one region the network bends, or has another map on the way."""
    net = result.subdivision.net
    assert sum(map(len, result.witnesses)) == result.bracket.lower
    for points in result.witnesses:
        for x, y in combinations(points, 2):
            ends = net.forward_exact(x), net.forward_exact(y)
            chord = [
                tuple(a + Fraction(k, samples) * (b - a) for a, b in zip(p, q, strict=True))
                for p, q in ((x, y), ends) for k in range(samples + 1)
            ]
            line, values = chord[: samples + 1], chord[samples + 1 :]
            bent = any(net.forward_exact(p) != v for p, v in zip(line, values, strict=True))
            yield bent


def partitions(items):
    """All ways to split a list into non-empty parts."""
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        yield [{items[0]}, *rest]
        for k, part in enumerate(rest):
            yield [*rest[:k], part | {items[0]}, *rest[k + 1:]]


def is_piece(found, part):
    if len({found.piece[c] for c in part}) > 1:
        return False
    rows = hull(found, part)
    return all(holds(rows, (*found.cells[c].interior_point, 1)) == (c in part)
               for c in range(found.size))


def meet_in_a_face(found, one, two):
    ends = [{g for c in piece for g in found.corners[c]} for piece in (one, two)]
    common = ends[0] & ends[1]
    if not any(found.generators[g][-1] for g in common):
        return True
    for piece, own in zip((one, two), ends, strict=True):
        tight = [r for r in hull(found, piece).rays
                 if all(dot(r, found.generators[g]) == 0 for g in common)]
        if {g for g in own if all(dot(r, found.generators[g]) == 0 for r in tight)} != common:
            return False
    return True


@settings(max_examples=40, deadline=None)
@given(strategies.networks(2, max_width=2))
def test_no_coarsening_is_smaller(net):
    result = convex_regions(net)
    found = result.subdivision
    if found.size <= 6:
        convex = [parts for parts in partitions(list(range(found.size)))
                  if all(is_piece(found, part) for part in parts)]
        assert result.partition.upper == min(map(len, convex))
        assert result.bracket.upper == min(
            len(parts) for parts in convex
            if all(meet_in_a_face(found, a, b) for a, b in combinations(parts, 2)))


def test_the_clip_needs_more_pieces_face_to_face():
    clip = next(e.network for e in families.separating_examples() if e.name == "clip")
    result = convex_regions(clip)
    assert (result.bracket.value, result.partition.value) == (9, 7)
    check_pieces(result)
    check_faces(result)
    assert not all(check_witnesses(result))  # two witnesses differ by a vertex on the way


def test_the_outside_of_a_bump_needs_four_pieces():
    result = convex_regions(BUMP)
    assert (result.bracket.value, count(BUMP, kind="open_connected")) == (8, 5)
    check_pieces(result)
    check_faces(result)
    assert all(check_witnesses(result))


@settings(max_examples=40, deadline=None)
@given(strategies.networks(2, max_width=3), st.booleans())
def test_bounds_are_proved(net, bounded):
    result = convex_regions(net, Box(-3, 3, dim=2) if bounded else None)
    assert result.partition.lower <= result.bracket.upper
    assert result.partition.upper <= result.bracket.upper
    check_pieces(result)
    check_faces(result)


@settings(max_examples=40, deadline=None)
@given(strategies.networks(2, max_width=4, max_depth=1))
def test_one_hidden_layer_is_the_arrangement_of_surviving_hyperplanes(net):
    if net.depth == 1:
        rows = surviving_hyperplanes(net)
        normals, offsets = [r[:-1] for r in rows], [r[-1] for r in rows]
        cells = count(families.arrangement(normals, offsets)) if rows else 1
        assert count(net, kind="convex") == count(net, kind="open_connected") == cells


@settings(max_examples=25, deadline=None)
@given(strategies.networks(2, max_width=3, max_depth=1))
def test_the_general_search_agrees_for_one_hidden_layer(net):
    if net.depth == 1:
        deeper = ReluNetwork(
            [*net.exact.weights[:1], [[int(i == j) for j in range(net.widths[0])]
                                      for i in range(net.widths[0])], net.exact.weights[1]],
            [net.exact.biases[0], [0] * net.widths[0], net.exact.biases[1]])
        assert convex_regions(net).bracket.value in convex_regions(deeper).bracket


def test_an_open_answer_is_undecided_with_its_bracket():
    net = families.random_integer(2, [4, 3], 17)
    bracket = convex_regions(net).bracket
    assert bracket.lower < bracket.upper
    with pytest.raises(Undecided) as caught:
        count(net, kind="convex")
    assert (caught.value.bracket.lower, caught.value.bracket.upper) == (
        bracket.lower, bracket.upper)


def test_the_number_is_at_most_that_of_cells():
    net = families.gaussian(2, [6, 6], 0)
    bracket = convex_regions(net).bracket
    assert bracket.upper <= count(net) <= bounds.hinz2019_upper(2, [6, 6])


def test_limit():
    with pytest.raises(TooLarge):
        convex_regions(BUMP, limit=3)


def test_an_infeasible_cover_is_none():
    found = subdivide(BUMP)
    blocks = Blocks(found)
    single = [blocks.block([c]) for c in range(found.size)]
    assert smallest_cover(single[:2], [0, 1], [(0, 1)], 10) is None
    assert convex_of_subdivision(found).bracket.upper == 8
