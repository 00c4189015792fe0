"""Exact answers: vertices, signs and pieces against rational arithmetic done here."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from relu_theory import Box, ReluNetwork, Undecided, families
from relu_theory.exact import fraction
from relu_theory.regions import count
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import RawFace
from relu_theory.regions.layers import scaled_layers
from relu_theory.regions.machine import Machine
from relu_theory.regions.maps import ExactMaps
from relu_theory.regions.start import cones, pose
from tests.regions import fuzz


class Face(RawFace):
    """A face of a planar arrangement written down by hand."""

    def __init__(self, rays, sources, masks, active=0, crossing=()):
        rays = np.array([[*ray, 1.0, 1.0] for ray in rays])
        super().__init__(rays, np.array(sources, dtype=np.int64),
                         np.array([[m] for m in masks], dtype=np.uint64),
                         np.array([active], dtype=np.uint64), np.array([0]))
        self.level, self.crossing = 0, np.array(crossing)


SQUARE = [(1, 0, 0), (-1, 0, 1), (0, 1, 0), (0, -1, 1)]
CORNERS = [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0)]


def square(crossing=()) -> Face:
    """The unit square with corners that floats know nothing about."""
    return Face(CORNERS, [-1, -2, -3, -4], [0b0101, 0b0110, 0b1001, 0b1010], crossing=crossing)


def of_lines(rows) -> Answers:
    net = families.arrangement([row[:-1] for row in rows], [row[-1] for row in rows])
    return Answers(net, SQUARE, scaled_layers(net))


def test_vertices_come_from_the_hyperplanes_through_them():
    answers = of_lines([(1, 1, -1)])
    assert [answers.ray(square(), r) for r in range(4)] == [
        (0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 1),
    ]  # fmt: skip


def test_signs_at_vertices():
    answers = of_lines([(1, 1, -1), (3, -1, 0)])
    signs = [[np.sign(answers.value(square(), r, i)) for r in range(4)] for i in (0, 1)]
    assert signs == [[-1, 0, 0, 1], [0, 1, -1, 1]]


def test_float_arithmetic_takes_the_undecided_for_zero():
    net = families.arrangement([[1, 1]], [1])
    answers = Answers(net, SQUARE, scaled_layers(net), exact=False)
    assert answers.value(square(), 0, 0) == 0
    with pytest.raises(Undecided, match="use arithmetic='exact'"):
        answers.pieces(square((0,)))


def test_hyperplanes_that_do_not_meet_in_a_point_are_refused():
    face = Face([(0.0, 0.0, 1.0)], [-1, -2], [0b11])
    answers = Answers(families.arrangement([[1, 0]]), [(1, 0, 0), (2, 0, 0)], [])
    with pytest.raises(Undecided, match="do not determine a vertex"):
        answers.ray(face, 0)


@pytest.mark.parametrize(("lines", "pieces"), [
    ([(2, 0, -1)], 2),
    ([(2, 0, -1), (0, 2, -1)], 4),
    ([(2, 0, -1), (-4, 0, 2)], 2),
    ([(3, 0, -1), (3, 0, -2)], 3),
    ([(1, 1, -1), (1, -1, 0), (2, 0, -1), (0, 2, -1)], 8),
    ([(1, 1, -1), (1, -1, 0), (2, 0, -1), (0, 3, -1)], 10),
    ([(4, 4, -3), (4, 4, -5), (1, -1, 0)], 6),
])  # fmt: skip
def test_pieces_of_a_square(lines, pieces):
    assert of_lines(lines).pieces(square(range(len(lines)))) == pieces


def euler(lines: list[tuple]) -> int:
    """Pieces of the open square: 1 + distinct lines + sum over crossings of (lines - 1)."""
    chords = {tuple(v / next(x for x in row if x) for v in map(Fraction, row)) for row in lines}
    points: dict[tuple, set] = {}
    for a, b in combinations(chords, 2):
        det = a[0] * b[1] - a[1] * b[0]
        if det:
            x = (a[1] * b[2] - a[2] * b[1]) / det
            y = (a[2] * b[0] - a[0] * b[2]) / det
            if 0 < x < 1 and 0 < y < 1:
                points.setdefault((x, y), set()).update((a, b))
    return 1 + len(chords) + sum(len(through) - 1 for through in points.values())


@pytest.mark.parametrize("seed", range(40))
def test_pieces_of_random_lines_through_the_square(seed):
    rng = np.random.default_rng(seed)
    lines = []
    while len(lines) < 6:
        row = tuple(int(v) for v in rng.integers(-3, 4, 3))
        corners = [row[0] * x + row[1] * y + row[2] for x, y, _ in CORNERS]
        if min(corners) < 0 < max(corners):
            lines.append(row)
    assert of_lines(lines).pieces(square(range(6))) == euler(lines)


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_every_ray_of_the_search_is_within_its_error_bound(seed):
    """The float rays of all cells against the vertices of their hyperplanes."""
    _, net, domain = fuzz.question(seed)
    question = pose(net, domain)
    if question is None or question.dim == 0 or net.depth == 0:
        return
    machine = Machine(question, collect=True)
    for cone in cones(question):
        for face in machine.run(cone):
            for r, floats in enumerate(face.rays.tolist()):
                exact = machine.answers.ray(face, r)
                *ray, top, delta = floats
                k = max(range(len(ray)), key=lambda i: abs(ray[i]))
                if delta < 0.5:
                    scale = abs(Fraction(ray[k])) / abs(exact[k])
                    worst = max(abs(Fraction(x) - scale * y)
                                for x, y in zip(ray, exact, strict=True))
                    assert worst <= 2 * Fraction(delta), (top, delta)


def test_maps_of_a_pattern():
    net = ReluNetwork([[[1, 2], [3, -1]], [["1/2", -1]], [[1]]], [[0, 1], ["1/3"], [0]])
    maps = ExactMaps(net)
    face = Face([(0.0, 0.0, 1.0)], [], [0], active=0b01)
    face.pattern = np.array([0b01, 0], dtype=np.uint64)
    face.pattern_at = np.array([0, 1])
    assert maps.layer(face, 0).plane(1) == (3, -1, 1)
    assert list(map(fraction, maps.layer(face, 1).row(0))) == [Fraction(1, 2), 1, Fraction(1, 3)]
    assert maps.layer(face, 1).plane(0) == (3, 6, 2)
    assert maps.layer(face, 1) is maps.layer(face, 1)


def test_boxes_with_huge_ends_are_answered_exactly():
    net = families.arrangement([[1, 0], [0, 1], [1, -1]], [0, 0, 0])
    assert count(net, Box(-(10**40), 10**40, dim=2)) == 6
    assert count(net, Box(10**40, 10**40 + 1, dim=2)) == 2
