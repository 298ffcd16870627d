"""A network as a scikit-learn classifier: fit, retrain with frozen stages, add classes, hand over its weights."""

from __future__ import annotations

import io
import warnings
from typing import Any, ClassVar, Self

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor, nn

from headwise.models.networks.prepare import Prepare
from headwise.models.networks.stages import Head
from headwise.models.networks.training import Rows, Schedule, one_thread, run, run_batches, train

CHANNELS = 4


class NetworkClassifier(ClassifierMixin, BaseEstimator):
    """Base of the network families; a family gives `_stages`.

    Parameters
    ----------
    shape : {"product", "published"}
        Our own layers, which see the window's packet sequence, or those of Kolcun et al. (TMA 2021).
    sequence_length : int
        Packets of the sequence that stand behind the features in a row of X, 4 columns each; 0 for none.
    epochs, batch_size, learning_rate, patience, weight_decay
        See `headwise.models.networks.training.Schedule`.
    balanced : bool
        Weigh classes by the inverse of their number of rows.
    device : {"auto", "cpu", "cuda"}
        Where to train: by default on the graphics processor where there is one. Prediction is always on the CPU.
    random_state : int
        Seed of weights, shuffling and dropout.
    """

    SHAPES: ClassVar[tuple[str, ...]] = ("product", "published")
    libraries: ClassVar[tuple[str, ...]] = ("torch", "scikit-learn")
    stays: ClassVar[tuple[str, ...]] = ()
    exceptions: ClassVar[dict[str, str]] = {
        "check_methods_sample_order_invariance": "sums of 32-bit floats in another order differ in the seventh digit",
        "check_methods_subset_invariance": "sums of 32-bit floats in another order differ in the seventh digit",
    }

    def __init__(
        self,
        shape: str = "product",
        sequence_length: int = 32,
        epochs: int = 60,
        batch_size: int = 128,
        learning_rate: float = 1e-3,
        patience: int = 8,
        weight_decay: float = 0.0,
        balanced: bool = True,
        device: str = "auto",
        random_state: int = 0,
    ) -> None:
        self.shape = shape
        self.sequence_length = sequence_length
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.patience = patience
        self.weight_decay = weight_decay
        self.balanced = balanced
        self.device = device
        self.random_state = random_state

    def _stages(self, features: int, length: int, classes: int) -> list[nn.Module]:
        raise NotImplementedError

    def _schedule(self, rows: int, *, again: bool) -> Schedule:
        return Schedule(self.epochs, self.patience, self.batch_size, self.learning_rate, self.weight_decay, self.random_state)

    def fit(self, X: np.ndarray, y: np.ndarray, *, validation: np.ndarray | None = None, progress: Any = None) -> Self:
        """Train from new weights.

        Parameters
        ----------
        X : float array [rows, features + 4 * sequence_length]
        y : array [rows]
        validation : bool array [rows], optional
            Rows that only decide when to stop (the last training day); without it all epochs run. The scaling does not see them.
        progress : callable, optional
            Told of passes done, their most, and the loss.

        Raises
        ------
        ValueError
            For an unknown shape, fewer than two classes, infinity, or X and y of unequal length.
        """
        X, y = validate_data(self, X, y, dtype=np.float32, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self._check_parameters(X.shape[1])
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"{type(self).__name__} needs at least two classes to tell apart, got one class: {self.classes_[0]!r}")
        torch.manual_seed(self.random_state)
        length = self.sequence_length
        features = X.shape[1] - length * CHANNELS
        learned = X if validation is None or validation.all() else X[~validation]
        self.prepare_ = self._prepare(features).fit(learned)
        self.stages_ = nn.ModuleList(self._stages(features, length, len(self.classes_)))
        self._train(X, y, validation, freeze=0, cache=False, progress=progress, again=False)
        return self

    def retrain(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        freeze: int = 0,
        cache: bool = True,
        validation: np.ndarray | None = None,
        progress: Any = None,
    ) -> Self:
        """Go on training from the present weights; classes that are new in `y` are added.

        The first `freeze` stages keep their weights bit for bit. Input scaling is never refitted. Rows of a replay
        sample belong in X and y: what is not there is forgotten. Parameters are as in `fit`; with `cache` the output of
        the frozen stages is computed once, which changes nothing but the time.

        Raises
        ------
        ValueError
            Where as many stages would be frozen as there are.
        """
        check_is_fitted(self)
        X, y = validate_data(self, X, y, dtype=np.float32, reset=False, ensure_all_finite="allow-nan")
        if not 0 <= freeze < len(self.stages_):
            raise ValueError(f"freeze must be from 0 to {len(self.stages_) - 1} for {type(self).__name__}, got {freeze}")
        self._add_classes(np.unique(y))
        self._train(X, y, validation, freeze=freeze, cache=cache, progress=progress, again=True)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return class probabilities ``[rows, classes]``, in the order of ``classes_``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, reset=False, ensure_all_finite="allow-nan")
        with one_thread():
            logits = run_batches(list(self.stages_), self.prepare_(torch.from_numpy(np.ascontiguousarray(X))))[0]
        return torch.softmax(logits, 1).numpy()

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(1)]

    def network(self) -> nn.Module:
        """Return the whole network, raw rows to probabilities, for export."""
        check_is_fitted(self)
        return Whole(self.prepare_, self.stages_).eval()

    def weights(self) -> dict[str, np.ndarray]:
        """Return every weight and scaling constant by name."""
        return {name: value.detach().cpu().numpy().copy() for name, value in self.network().state_dict().items()}

    def load_weights(self, weights: dict[str, np.ndarray], classes: np.ndarray, columns: int) -> Self:
        """Become the fitted network that `weights` came from.

        Raises
        ------
        ValueError
            Where names or shapes are not this network's.
        """
        self.classes_, self.n_features_in_ = np.asarray(classes), columns
        length = self.sequence_length
        features = columns - length * CHANNELS
        self.prepare_ = self._prepare(features)
        self.stages_ = nn.ModuleList(self._stages(features, length, len(self.classes_)))
        try:
            Whole(self.prepare_, self.stages_).load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in weights.items()})
        except RuntimeError as error:
            raise ValueError(f"weights do not fit {type(self).__name__}({self.shape!r}): {error}") from error
        return self

    def graph(self) -> bytes:
        """Return the fitted network as ONNX: float32 rows in, probabilities out."""
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            # The exporter without the new compiler is deprecated, but takes a tenth of a second instead of several.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                self.network(),
                (torch.zeros(2, self.n_features_in_),),
                buffer,
                dynamo=False,
                opset_version=17,
                input_names=["rows"],
                output_names=["probabilities"],
                dynamic_axes={"rows": {0: "n"}, "probabilities": {0: "n"}},
            )
        return buffer.getvalue()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _prepare(self, features: int) -> Any:
        return Prepare(features, self.sequence_length, CHANNELS if self.sequence_length else 0, compress=self.shape != "published")

    def _check_parameters(self, columns: int) -> None:
        if self.shape not in self.SHAPES:
            raise ValueError(f"shape must be one of {', '.join(self.SHAPES)}, got {self.shape!r}")
        if self.sequence_length * CHANNELS > columns:
            raise ValueError(f"sequence_length {self.sequence_length} needs {self.sequence_length * CHANNELS} columns, X has {columns}")

    def _train(
        self, X: np.ndarray, y: np.ndarray, validation: np.ndarray | None, *, freeze: int, cache: bool, progress: Any, again: bool
    ) -> None:
        where = _device(self.device)
        held = np.zeros(len(y), bool) if validation is None or np.all(validation) else np.asarray(validation, bool)
        rows = self._rows(X, y, ~held, where)
        schedule = self._schedule(int((~held).sum()), again=again)
        places = [torch.from_numpy(np.flatnonzero(mask)).to(where) for mask in (~held, held)]
        self.stages_.to(where)
        learn, stop = rows.take(places[0]), rows.take(places[1]) if held.any() else None
        self.losses_ = train(self.stages_, learn, stop, schedule, freeze=freeze, cache=cache, progress=progress)
        self.stages_.to("cpu").eval()

    @torch.no_grad()
    def _rows(self, X: np.ndarray, y: np.ndarray, learned: np.ndarray, where: torch.device) -> Rows:
        targets = np.searchsorted(self.classes_, y)
        counts = np.bincount(targets[learned], minlength=len(self.classes_))
        weights = learned.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1)) if self.balanced else np.ones(len(counts))
        features, sequence = self.prepare_(torch.from_numpy(np.ascontiguousarray(X)))
        return Rows(
            (features.to(where), sequence.to(where)),
            torch.from_numpy(targets).to(where),
            torch.from_numpy(weights[targets].astype(np.float32)).to(where),
        )

    @torch.no_grad()
    def _add_classes(self, found: np.ndarray) -> None:
        classes = np.union1d(self.classes_, found)
        if len(classes) == len(self.classes_):
            return
        head = self.stages_[-1].parts[-1] if hasattr(self.stages_[-1], "parts") else self.stages_[-1]
        torch.manual_seed(self.random_state)
        grown = Head(head.linear.in_features, len(classes))
        kept = torch.from_numpy(np.searchsorted(classes, self.classes_))
        grown.linear.weight[kept], grown.linear.bias[kept] = head.linear.weight, head.linear.bias
        head.linear, self.classes_ = grown.linear, classes


class Whole(nn.Module):
    """Preparation, stages and softmax: what is exported."""

    def __init__(self, prepare: nn.Module, stages: nn.ModuleList) -> None:
        super().__init__()
        self.prepare, self.stages = prepare, stages

    def forward(self, X: Tensor) -> Tensor:
        """Return probabilities ``[batch, classes]`` of raw rows ``[batch, columns]``."""
        return torch.softmax(run(list(self.stages), self.prepare(X))[0], 1)


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)
