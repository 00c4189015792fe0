"""Rows of the ledger on integrals and penalised biases: with an altered computation they fail."""

import dataclasses
from typing import Any

import pytest
from flint import arb

from relu_theory import integral, sparse
from relu_theory.certificate import Verdict
from relu_theory.cpwl import CPWL
from relu_theory.integral import gaussian
from relu_theory.theorems import boursier2023_biases as boursier
from relu_theory.theorems import diakonikolas2025_relu_losses as losses
from relu_theory.theorems import lee2026_integral_representations as lee


def verdicts(stated: Any) -> set[Verdict]:
    return {stated.check(instance).verdict for instance in stated.instances(quick=True)}


@pytest.mark.parametrize(
    ("stated", "name"),
    [(losses.moments, "relu_square"), (losses.product_of_two, "relu_product"),
     (losses.population_loss, "gaussian_distance")],
)  # fmt: skip
def test_closed_forms(stated: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = getattr(gaussian, name)
    monkeypatch.setattr(gaussian, name, lambda *given: known(*given) + arb("1e-9"))
    assert verdicts(stated) == {Verdict.FAILS}


@pytest.mark.parametrize(("stated", "name"), [(lee.kernel_interpolation, "kernel"),
                                              (lee.least_norm, "captured")])  # fmt: skip
def test_kernels(stated: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = integral.compare_with_kernel

    def altered(*given: Any, **options: Any) -> Any:
        first, *rest = known(*given, **options)
        return [dataclasses.replace(first, **{name: getattr(first, name) + 10}), *rest]

    monkeypatch.setattr(integral, "compare_with_kernel", altered)
    assert verdicts(stated) == {Verdict.FAILS}


def test_penalised_biases(monkeypatch: pytest.MonkeyPatch) -> None:
    known = sparse.interpolate_penalised

    def polygon(x: Any, y: Any) -> Any:
        return dataclasses.replace(known(x, y), function=CPWL.from_points(x, y))

    monkeypatch.setattr(sparse, "interpolate_penalised", polygon)
    assert Verdict.FAILS in verdicts(boursier.least_cost)
    assert Verdict.FAILS in verdicts(boursier.sparsest_inside)
