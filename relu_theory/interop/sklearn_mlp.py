"""scikit-learn's multi-layer perceptrons."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.interop._selfcheck import require_agreement
from relu_theory.network import ReluNetwork

__all__ = ["from_sklearn"]

CHECK_POINTS = 100


def from_sklearn(model: Any) -> ReluNetwork:
    """The network inside a fitted MLPRegressor or MLPClassifier with ReLU activation.

    Parameters
    ----------
    model : MLPRegressor or MLPClassifier
        Fitted, with ``activation="relu"``. Only fitted attributes are read.

    Returns
    -------
    ReluNetwork
        Exactly the stored weights. The outputs are those before the output activation: a
        regressor's predictions, a classifier's logits (a single one, for the second class, when
        there are two classes).

    Raises
    ------
    InvalidInput
        When the model is not fitted, has another activation, or fails the self-check against its
        own ``predict`` or ``predict_proba`` on 100 seeded points.

    Notes
    -----
    Construct models with keyword arguments only: the first positional slot of MLPRegressor is
    ``hidden_layer_sizes`` in some releases of scikit-learn and ``loss`` in others.
    """
    if not hasattr(model, "coefs_"):
        raise InvalidInput(
            "model must be a fitted MLPRegressor or MLPClassifier, got "
            f"{type(model).__name__} without coefs_; call model.fit first"
        )
    if model.activation != "relu":
        raise InvalidInput(
            f"model must have activation='relu', got {model.activation!r}; train it with relu"
        )
    net = ReluNetwork([np.asarray(coef).T for coef in model.coefs_], model.intercepts_)
    _check(model, net)
    return net


def _check(model: Any, net: ReluNetwork) -> None:
    single = model.coefs_[0].dtype == np.float32
    points = np.random.default_rng(0).normal(size=(CHECK_POINTS, net.input_dim))
    points = points.astype(model.coefs_[0].dtype)
    activated = _activated(net.forward(points), model.out_activation_)
    if hasattr(model, "predict_proba"):
        theirs = np.asarray(model.predict_proba(points), dtype=np.float64)
        if model.out_activation_ == "logistic" and theirs.shape[1] == 2 and net.output_dim == 1:
            theirs = theirs[:, 1:]
    else:
        theirs = np.asarray(model.predict(points), dtype=np.float64).reshape(CHECK_POINTS, -1)
    rtol = 1e-4 if single else 1e-9
    require_agreement(activated, theirs, rtol=rtol, source=type(model).__name__)


def _activated(values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    if name == "identity":
        return values
    if name == "logistic":
        return np.exp(-np.logaddexp(0.0, -values))
    if name == "softmax":
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    raise InvalidInput(
        f"model must have the output activation identity, logistic or softmax, got {name!r}"
    )
