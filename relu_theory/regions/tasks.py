"""Cutting one enumeration into independent parts, for several workers and for checkpoints."""

from __future__ import annotations

from flint import fmpq

from relu_theory.network import ReluNetwork
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import RawFace
from relu_theory.regions.machine import Machine
from relu_theory.regions.start import Cone, Question, cones, replace_network


def tasks(question: Question, at_least: int = 1) -> list[Cone]:
    """Cones that cover the question: the start itself, or its cells under some first neurons.

    With more than one asked for, the first m neurons of the first layer cut the start, m as small
    as gives `at_least` cells (or all of the layer).
    """
    start = list(cones(question))
    width, m = question.network.widths[0], 1
    while len(start) < at_least and m < 2 * width:
        m = min(2 * m, width)
        finer = _cut(question, list(cones(question)), m)
        if len(finer) >= at_least or m == width:
            return finer
    return start


def _cut(question: Question, start: list[Cone], first: int) -> list[Cone]:
    part = replace_network(question, _first_neurons(question.network, first))
    machine = Machine(part, collect=True)
    out = []
    for cone in start:
        inside = [(i, s) for i, s in cone.signs if i < first]
        outside = [(i, s) for i, s in cone.signs if i >= first]
        for face in machine.run(Cone(cone.rays, cone.sources, cone.rows, cone.tight,
                                     tuple(inside))):
            signs = [(i, face.active(0, i)) for i in range(first)] + outside
            out.append(_cone_of(face, machine.answers, tuple(signs)))
    return out


def _cone_of(face: RawFace, answers: Answers, signs: tuple[tuple[int, bool], ...]) -> Cone:
    sources = face.all_sources()
    place = {s: k for k, s in enumerate(sources)}
    rays = range(len(face.rays))
    return Cone(
        rays=tuple(answers.ray(face, r) for r in rays),
        sources=tuple(sources),
        rows=tuple(answers.plane(face, s) for s in sources),
        tight=tuple(tuple(sorted(place[s] for s in face.tight(r))) for r in rays),
        signs=signs,
    )


def _first_neurons(net: ReluNetwork, count: int) -> ReluNetwork:
    if net.float_exact:
        weights, biases = net.weights[0][:count], net.biases[0][:count]
    else:
        weights = net.exact.weights[0].table()[:count]
        biases = net.exact.biases[0][:count]
    return ReluNetwork([weights, [[fmpq(0)] * count]], [biases, [fmpq(0)]])
