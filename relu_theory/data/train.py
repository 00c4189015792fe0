"""Train the small networks that ship in `relu_theory/data/trained`.

``python -m relu_theory.data.train [FOLDER]`` fits every recipe below with scikit-learn on a data
set that scikit-learn carries and writes one exact JSON file per network, ``index.json`` and
``samples.json``.  Nothing at run time needs this module or scikit-learn: retraining on another
machine gives networks as good, though not bit for bit the same, since the optimiser's sums depend
on the linear algebra underneath.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RECIPES", "Recipe", "main", "outward_box", "prepare", "train"]

_STEP = Decimal("0.01")
_SAMPLE = 150
_SAMPLE_SEED = 0


@dataclass(frozen=True)
class Recipe:
    """How one network is trained.

    Exactly one of `columns` (features of the data set) and `components` (number of principal
    components) is given.
    """

    name: str
    dataset: str
    hidden: tuple[int, ...]
    columns: tuple[int, ...] | None = None
    components: int | None = None
    alpha: float = 0.01
    seed: int = 0


RECIPES = (
    Recipe("iris2", "iris", (24, 24, 24), columns=(2, 3)),
    Recipe("iris4", "iris", (16, 16), columns=(0, 1, 2, 3)),
    Recipe("wine3", "wine", (16, 12), components=3),
    Recipe("breast_cancer2", "breast_cancer", (24, 24), components=2),
    Recipe("breast_cancer5", "breast_cancer", (12, 8), components=5),
    Recipe("diabetes2", "diabetes", (24, 24, 12), columns=(2, 8), alpha=0.1),
    Recipe("diabetes6", "diabetes", (12, 10), columns=(2, 3, 8, 7, 6, 9), alpha=1.0),
    Recipe("digits2", "digits", (16, 16, 16, 16), components=2),
    Recipe("digits3", "digits", (16, 12, 8), components=3),
    Recipe("digits4", "digits", (16, 16), components=4),
)


def prepare(recipe: Recipe) -> tuple[NDArray[np.float64], NDArray[Any], list[str]]:
    """Return standardised inputs ``(m, d)``, targets ``(m,)`` and the inputs' names.

    Features are standardised before principal components are taken and the components again after
    it, so that each input has mean 0 and variance 1; regression targets are standardised too.
    """
    from sklearn import datasets
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    bunch = getattr(datasets, f"load_{recipe.dataset}")()
    x = np.asarray(bunch.data, dtype=np.float64)
    y = np.asarray(bunch.target)
    names = [str(name) for name in bunch.feature_names]
    if recipe.columns is not None:
        x, names = x[:, recipe.columns], [names[i] for i in recipe.columns]
    x = StandardScaler().fit_transform(x)
    if recipe.components is not None:
        x = PCA(n_components=recipe.components, svd_solver="full").fit_transform(x)
        names = [f"principal component {i + 1}" for i in range(recipe.components)]
    if recipe.dataset == "diabetes":
        y = (y - y.mean()) / y.std()
    return StandardScaler().fit_transform(x), y, names


def outward_box(x: NDArray[np.float64]) -> dict[str, list[str]]:
    """Return the bounding box of the rows of `x`, rounded outwards to exact decimals.

    Examples
    --------
    >>> outward_box(np.array([[0.125, -1.0], [0.5, 2.001]]))
    {'lower': ['0.12', '-1.00'], 'upper': ['0.50', '2.01']}
    """
    lower = [str(Decimal(v).quantize(_STEP, ROUND_FLOOR)) for v in x.min(axis=0).tolist()]
    upper = [str(Decimal(v).quantize(_STEP, ROUND_CEILING)) for v in x.max(axis=0).tolist()]
    return {"lower": lower, "upper": upper}


def _sample(x: NDArray[np.float64], y: NDArray[Any], box: dict[str, list[str]]) -> dict[str, Any]:
    """Return some data points, rounded to two decimals inside the box, with their targets."""
    order = np.random.default_rng(_SAMPLE_SEED).permutation(len(x))[:_SAMPLE]
    lower, upper = (np.array([float(v) for v in box[side]]) for side in ("lower", "upper"))
    points = np.clip(np.round(x[order], 2), lower, upper)
    return {"points": points.tolist(), "targets": np.round(y[order], 3).tolist()}


def _fit(recipe: Recipe, x: NDArray[np.float64], y: NDArray[Any]) -> Any:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    model = MLPRegressor if recipe.dataset == "diabetes" else MLPClassifier
    return model(
        hidden_layer_sizes=recipe.hidden,
        solver="lbfgs",
        alpha=recipe.alpha,
        max_iter=2000,
        random_state=recipe.seed,
    ).fit(x, y)


def train(recipe: Recipe, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train one network, save it in `folder`, and return its index entry and its sample.

    The network computes the logits (one for two classes, one per class otherwise) or the
    standardised target: the last activation of a classifier is left out.
    """
    import sklearn

    from relu_theory.network import ReluNetwork

    x, y, inputs = prepare(recipe)
    model = _fit(recipe, x, y)
    network = ReluNetwork([w.T for w in model.coefs_], list(model.intercepts_))
    network.save(folder / f"{recipe.name}.json")
    box = outward_box(x)
    entry = {
        "dataset": recipe.dataset,
        "task": "regression" if recipe.dataset == "diabetes" else "classification",
        "inputs": inputs,
        "hidden": list(recipe.hidden),
        "outputs": network.output_dim,
        "points": len(x),
        "alpha": recipe.alpha,
        "seed": recipe.seed,
        "sklearn": sklearn.__version__,
        "train_score": round(float(model.score(x, y)), 4),
        "box": box,
    }
    return entry, _sample(x, y, box)


def main(folder: Path | None = None) -> None:
    """Train every recipe and write the index and the samples."""
    folder = folder or Path(__file__).parent / "trained"
    folder.mkdir(parents=True, exist_ok=True)
    index, samples = {}, {}
    for recipe in RECIPES:
        index[recipe.name], samples[recipe.name] = train(recipe, folder)
        score = index[recipe.name]["train_score"]
        print(f"{recipe.name:16} {recipe.hidden!s:18} train score {score}")
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    (folder / "samples.json").write_text(json.dumps(samples, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
