"""The known answers that ship with the package: workloads and traps, with exact region counts.

``data/workloads.json`` holds the recipes of the seeded Gaussian networks, each with a SHA-256 of
its float64 weights, so that a changed random generator is noticed. ``data/traps.json`` holds
degenerate and badly scaled networks weight by weight, ``data/integers.json`` networks of small
integers in the same format. Every count is the number of proper activation regions (full dimension
in the domain) of exactly these weights.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from relu_theory.domain import Box, WholeSpace
from relu_theory.errors import ReluTheoryError
from relu_theory.families.random import gaussian, gaussian_arrangement
from relu_theory.network import ReluNetwork

__all__ = [
    "Case",
    "domain_of",
    "float64_digest",
    "load_integers",
    "load_traps",
    "load_workloads",
    "read_cases",
]

_RECIPES: dict[str, Callable[..., ReluNetwork]] = {
    "gaussian": gaussian,
    "gaussian_arrangement": gaussian_arrangement,
}


@dataclass(frozen=True)
class Case:
    """A network and its exact number of proper activation regions on one or two domains.

    Attributes
    ----------
    name : str
    note : str
        What the case is about.
    network : ReluNetwork
    counts : tuple of (Box or WholeSpace, int)
    """

    name: str
    note: str
    network: ReluNetwork
    counts: tuple[tuple[Box | WholeSpace, int], ...]


def load_workloads() -> tuple[Case, ...]:
    """The seeded workloads a0, a1, ..., f1.

    Raises
    ------
    ReluTheoryError
        When numpy's generator no longer produces the recorded weights.

    Examples
    --------
    >>> case = load_workloads()[0]
    >>> case.name, case.network.widths, [count for _, count in case.counts]
    ('a0', (16, 16, 16), [833, 1066])
    """
    return tuple(_case(entry, _drawn(entry)) for entry in read_cases("workloads.json"))


def load_traps() -> tuple[Case, ...]:
    """The traps: duplicates, pencils, slivers, dead neurons, extreme scalings, integer networks.

    Examples
    --------
    >>> [case.name for case in load_traps()][:3]
    ['duplicate', 'six lines through a point', 'gap of 1e-9']
    """
    return tuple(_case(e, ReluNetwork.from_dict(e["network"])) for e in read_cases("traps.json"))


def load_integers() -> tuple[Case, ...]:
    """Sixty networks with two inputs, widths [4, 4] and entries from -2 to 2.

    What theory papers write down: hyperplanes coincide and meet in points, neurons are dead.

    Examples
    --------
    >>> case = load_integers()[0]
    >>> case.name, [count for _, count in case.counts]
    ('integers 0', [7, 21])
    """
    return tuple(_case(e, ReluNetwork.from_dict(e["network"])) for e in read_cases("integers.json"))


def float64_digest(net: ReluNetwork) -> str:
    """SHA-256 of the float64 weights and biases, little-endian, layer by layer."""
    digest = hashlib.sha256()
    for weight, bias in zip(net.weights, net.biases, strict=True):
        digest.update(np.ascontiguousarray(weight, "<f8").tobytes())
        digest.update(np.ascontiguousarray(bias, "<f8").tobytes())
    return digest.hexdigest()


def read_cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file of the data folder, as JSON values."""
    text = (resources.files("relu_theory") / "data" / name).read_text(encoding="utf-8")
    return json.loads(text)["cases"]


def _drawn(entry: dict[str, Any]) -> ReluNetwork:
    net = _RECIPES[entry["family"]](**entry["arguments"])
    found = float64_digest(net)
    if found != entry["sha256"]:
        raise ReluTheoryError(
            f"workload {entry['name']} must have weights with SHA-256 {entry['sha256']}, got "
            f"{found}: numpy {np.__version__} draws other numbers from this seed, and the recorded "
            "counts do not apply; use a numpy with the recorded stream"
        )
    return net


def _case(entry: dict[str, Any], net: ReluNetwork) -> Case:
    counts = tuple((domain_of(c["domain"], net.input_dim), c["proper"]) for c in entry["counts"])
    return Case(entry["name"], entry["note"], net, counts)


def domain_of(entry: Any, dim: int) -> Box | WholeSpace:
    """The domain that an entry of the data files names."""
    if entry == "whole space":
        return WholeSpace(dim)
    return Box(entry["lower"], entry["upper"], dim=dim)
