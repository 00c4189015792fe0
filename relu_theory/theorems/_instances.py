"""Networks on which every upper bound is checked: random, extremal and degenerate ones."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from relu_theory import families
from relu_theory.errors import CertificateError
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance

__all__ = ["any_network", "architectures", "checked", "networks", "small_integers"]


def networks(quick: bool) -> Iterator[Instance]:
    """Instances with one argument, ``network``."""
    yield from _wrap(_extremal(quick))
    yield from _wrap(_degenerate(quick))
    yield from _wrap(_random(quick))


def any_network(seed: int) -> Instance:
    """A network of a shape and kind drawn from a seed: normal weights, or integers with ties."""
    rng = np.random.default_rng(seed)
    inputs = int(rng.integers(1, 5))
    widths = [int(w) for w in rng.integers(1, 13 - 2 * inputs, size=int(rng.integers(1, 5)))]
    kind = ("Gaussian", "small integers")[seed % 2]
    make = families.random_integer if seed % 2 else families.gaussian
    name = f"{kind}, {inputs} inputs, {widths}, seed {seed}"
    return Instance(name, {"network": make(inputs, widths, seed)})


def small_integers(seed: int) -> Instance:
    """Two inputs and two layers of small integers: zeros, repeated and dead neurons abound."""
    return Instance(f"small integers, seed {seed}",
                    {"network": families.random_integer(2, [4, 3], seed)})  # fmt: skip


def architectures(quick: bool) -> Iterator[Instance]:
    """Instances with arguments ``inputs`` and ``widths``."""
    shapes = [(1, [3, 3]), (2, [2, 4]), (2, [4, 4]), (3, [5, 1, 5]), (2, [6, 6, 6]), (4, [3, 9, 3])]
    shapes += [] if quick else [(6, [8] * 6), (3, [20, 2, 20, 1, 20]), (8, [16, 4, 16, 4])]
    for inputs, widths in shapes:
        yield Instance(f"n0 = {inputs}, widths {widths}", {"inputs": inputs, "widths": widths})


def _wrap(named: Iterator[tuple[str, ReluNetwork]]) -> Iterator[Instance]:
    for name, net in named:
        yield Instance(name, {"network": net})


def _extremal(quick: bool) -> Iterator[tuple[str, ReluNetwork]]:
    yield "generic arrangement, 8 planes in R^3", families.generic_arrangement(8, 3)
    yield "zigzag construction, one input, [3, 4, 5]", families.serra(1, [3, 4, 5])
    yield "folding construction, two inputs, [4, 4]", families.montufar(2, [4, 4])
    if not quick:
        yield "zigzag construction, two inputs, [6, 6]", families.serra(2, [6, 6])
        yield "folding construction, three inputs, [6, 6, 5]", families.montufar(3, [6, 6, 5])


def _degenerate(quick: bool) -> Iterator[tuple[str, ReluNetwork]]:
    base = families.gaussian(2, [5, 5], seed=3)
    yield "repeated and opposite neuron", families.duplicate(base, 0, 1, -3)
    yield "three dead neurons in the first layer", families.add_dead_neurons(base, 0)
    yield "dead second layer", families.dead_layer(base, 1)
    yield "iterated tents, two coordinates", families.iterated_tent(3, 2)
    yield "bottleneck of one neuron", families.gaussian(3, [4, 1, 4], seed=1)
    for seed in range(4 if quick else 20):
        yield f"small integers [4, 4], seed {seed}", families.random_integer(2, [4, 4], seed)
        yield f"small integers [5, 3, 4], seed {seed}", families.random_integer(3, [5, 3, 4], seed)


def _random(quick: bool) -> Iterator[tuple[str, ReluNetwork]]:
    shapes = [(1, [6, 6, 6]), (2, [8, 8]), (3, [6, 6]), (4, [5, 5, 5])]
    shapes += [] if quick else [(2, [32, 32]), (3, [16, 16]), (4, [12, 12]), (5, [10, 10])]
    for inputs, widths in shapes:
        for seed in range(1 if quick else 3):
            net = families.gaussian(inputs, widths, seed)
            yield f"Gaussian, {inputs} inputs, {widths}, seed {seed}", net


def checked(found: Any, upper: bool = False) -> Any:
    """The certificate of a result, after its independent check; with `upper` of both its ends.

    Raises
    ------
    CertificateError
        When there is none, or it is refused.
    """
    for certificate in (found.certificate, *([found.upper_certificate] if upper else [])):
        if certificate is None:
            raise CertificateError(f"{found!r} must come with a certificate to be in the ledger")
        certificate.check()
    return found.certificate
