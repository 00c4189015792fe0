"""The scikit-learn reader against the models' own predictions."""

import warnings

import numpy as np
import pytest

from relu_theory.errors import InvalidInput
from relu_theory.interop import from_sklearn

neural_network = pytest.importorskip("sklearn.neural_network")


def fitted(kind: str, targets: np.ndarray, *, dtype: type = np.float64, **settings: object):
    inputs = np.random.default_rng(3).normal(size=(60, 3)).astype(dtype)
    arguments = {"hidden_layer_sizes": (5, 4), "max_iter": 20, "random_state": 0, **settings}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(neural_network, kind)(**arguments).fit(inputs, targets)


X = np.random.default_rng(4).normal(size=(20, 3))
LINE = np.random.default_rng(5).normal(size=60)


@pytest.mark.parametrize("targets", [LINE, np.column_stack([LINE, LINE**2])], ids=["1", "2"])
def test_regressor(targets: np.ndarray) -> None:
    model = fitted("MLPRegressor", targets)
    net = from_sklearn(model)
    assert (net.input_dim, net.widths) == (3, (5, 4))
    assert net.float_exact
    np.testing.assert_allclose(net.forward(X).reshape(model.predict(X).shape), model.predict(X))


@pytest.mark.parametrize("classes", [2, 3])
def test_classifier_gives_logits(classes: int) -> None:
    model = fitted("MLPClassifier", np.arange(60) % classes)
    logits = from_sklearn(model).forward(X)
    if classes == 2:
        assert logits.shape == (20, 1)
        np.testing.assert_array_equal(logits[:, 0] > 0, model.predict(X) == 1)
    else:
        np.testing.assert_array_equal(logits.argmax(axis=1), model.predict(X))


def test_multilabel_classifier() -> None:
    targets = np.column_stack([LINE > 0, LINE > 1]).astype(int)
    model = fitted("MLPClassifier", targets)
    np.testing.assert_array_equal(from_sklearn(model).forward(X) > 0, model.predict(X) == 1)


def test_float32_weights_are_promoted_exactly() -> None:
    model = fitted("MLPRegressor", LINE.astype(np.float32), dtype=np.float32)
    assert model.coefs_[0].dtype == np.float32
    net = from_sklearn(model)
    assert net.float_exact
    np.testing.assert_array_equal(net.weights[0], model.coefs_[0].T.astype(np.float64))


def test_no_hidden_layer() -> None:
    assert from_sklearn(fitted("MLPRegressor", LINE, hidden_layer_sizes=())).depth == 0


def test_other_models_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"without coefs_; call model\.fit first"):
        from_sklearn(neural_network.MLPRegressor())
    with pytest.raises(InvalidInput, match="activation='relu', got 'tanh'"):
        from_sklearn(fitted("MLPRegressor", LINE, activation="tanh"))


def test_other_output_activations_are_refused() -> None:
    model = fitted("MLPRegressor", LINE)
    model.out_activation_ = "exp"
    with pytest.raises(InvalidInput, match="got 'exp'"):
        from_sklearn(model)


def test_the_self_check_can_fail() -> None:
    model = fitted("MLPRegressor", LINE)
    honest = model.predict
    model.predict = lambda x: honest(x) + 1
    with pytest.raises(InvalidInput, match="MLPRegressor was read, but"):
        from_sklearn(model)
