"""Cutting one enumeration into independent parts, for several workers and for checkpoints."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq

from relu_theory.network import ReluNetwork
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import RawFace
from relu_theory.regions.machine import Machine
from relu_theory.regions.start import Cone, Question, cones


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


def _cut(question: Question, start: list[Cone], count: int) -> list[Cone]:
    """Cells of the start under `count` first-layer neurons, those that bound the start first."""
    width = question.network.widths[0]
    bounding = {s for cone in start for s in cone.sources if s >= 0}
    chosen = [*sorted(bounding), *(i for i in range(width) if i not in bounding)]
    chosen = chosen[:max(count, len(bounding))]
    place = {neuron: k for k, neuron in enumerate(chosen)}
    machine = Machine(
        replace(question, network=_some_neurons(question.network, chosen)), collect=True)
    out = []
    for cone in start:
        outside = tuple((i, s) for i, s in cone.signs if i not in place)
        renamed = replace(
            cone, sources=tuple(place.get(s, s) for s in cone.sources),
            signs=tuple((place[i], s) for i, s in cone.signs if i in place))
        for face in machine.run(renamed):
            signs = tuple((i, face.active(0, k)) for k, i in enumerate(chosen)) + outside
            found = _cone_of(face, machine.answers, signs)
            out.append(replace(
                found, sources=tuple(chosen[s] if s >= 0 else s for s in found.sources)))
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


def _some_neurons(net: ReluNetwork, chosen: list[int]) -> ReluNetwork:
    """A network with one hidden layer: the given first-layer neurons."""
    if net.float_exact:
        weights, biases = net.weights[0][chosen], net.biases[0][chosen]
    else:
        table, offsets = net.exact.weights[0].table(), net.exact.biases[0]
        weights, biases = [table[i] for i in chosen], [offsets[i] for i in chosen]
    return ReluNetwork([weights, [[fmpq(0)] * len(chosen)]], [biases, [fmpq(0)]])
