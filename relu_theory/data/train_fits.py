"""Train the networks in `relu_theory/data/fits`: too little, well, and too much.

``python -m relu_theory.data.train_fits [FOLDER]`` writes one JSON file per data set. Weights are
rounded to decimals after training and scores are those of the rounded networks. As with
`relu_theory.data.train`, nothing at run time needs this module or scikit-learn.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RECIPES", "FitRecipe", "main", "prepare", "train"]

Floats = NDArray[np.float64]
_SEED, _DECIMALS, _MOST_POINTS = 0, 4, 600


@dataclass(frozen=True)
class FitRecipe:
    """How the three networks of one data set are trained, on one half of its points.

    Attributes
    ----------
    steps : int
        Optimiser steps of the under-fitted network.
    alpha : float
        Penalty of the well fitted one; the over-fitted one has none.
    few : int
        Training points of the over-fitted network.
    """

    name: str
    hidden: tuple[int, ...]
    steps: int
    alpha: float
    few: int


RECIPES = (
    FitRecipe("iris", (16, 16), 2, 0.1, 12),
    FitRecipe("diabetes", (20, 20), 2, 20.0, 221),
    FitRecipe("digits", (24,), 2, 1.0, 40),
)


def prepare(name: str) -> tuple[Floats, NDArray[Any], NDArray[np.bool_]]:
    """Inputs (m, d), targets (m,) and which points are for training.

    Iris and diabetes are standardised and rounded to three decimals; digits are pixels over 16.
    """
    from sklearn import datasets
    from sklearn.preprocessing import StandardScaler

    bunch = getattr(datasets, f"load_{name}")()
    order = np.random.default_rng(_SEED).permutation(len(bunch.target))[:_MOST_POINTS]
    x, y = np.asarray(bunch.data, np.float64)[order], np.asarray(bunch.target)[order]
    x = x / 16 if name == "digits" else np.round(StandardScaler().fit_transform(x), 3)
    if name == "diabetes":
        y = np.round((y - y.mean()) / y.std(), 3)
    return x, y, np.arange(len(x)) % 2 == 0


def _fit(recipe: FitRecipe, x: Floats, y: NDArray[Any], alpha: float, steps: int) -> Any:
    import warnings

    from sklearn.neural_network import MLPClassifier, MLPRegressor

    model = (MLPRegressor if recipe.name == "diabetes" else MLPClassifier)(
        hidden_layer_sizes=recipe.hidden, solver="lbfgs", alpha=alpha, max_iter=steps,
        random_state=_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y)
    model.coefs_ = [np.round(w, _DECIMALS) for w in model.coefs_]
    model.intercepts_ = [np.round(b, _DECIMALS) for b in model.intercepts_]
    return model


def train(recipe: FitRecipe) -> dict[str, Any]:
    """The data set, the three networks and their scores, ready for JSON."""
    x, y, training = prepare(recipe.name)
    rows = np.flatnonzero(training)
    plans = {
        "under-fitted": (rows, recipe.alpha, recipe.steps),
        "trained": (rows, recipe.alpha, 3000),
        "over-fitted": (rows[: recipe.few], 0.0, 3000),
    }
    networks = {}
    for stage, (chosen, alpha, steps) in plans.items():
        model = _fit(recipe, x[chosen], y[chosen], alpha, steps)
        networks[stage] = {
            "weights": [w.T.tolist() for w in model.coefs_],
            "biases": [b.tolist() for b in model.intercepts_],
            "fitted_on": len(chosen),
            "scores": [round(float(model.score(x[part], y[part])), 4)
                       for part in (chosen, np.flatnonzero(~training))],
        }
    divisor = 16 if recipe.name == "digits" else 1
    points = (x * divisor).astype(np.int64) if divisor > 1 else x
    return {
        "task": "regression" if recipe.name == "diabetes" else "classification",
        "divisor": divisor,
        "points": points.tolist(),
        "targets": y.tolist(),
        "networks": networks,
    }


def main(folder: Path | None = None) -> None:
    """Train every recipe and write its file."""
    folder = folder or Path(__file__).parent / "fits"
    folder.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        found = train(recipe)
        text = json.dumps(found, separators=(",", ":"))
        (folder / f"{recipe.name}.json").write_text(text + "\n")
        scores = {stage: net["scores"] for stage, net in found["networks"].items()}
        print(f"{recipe.name:9} (on its own points, on the others) {scores}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
