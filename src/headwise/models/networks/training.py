"""The training loop: Adam over the unfrozen stages, early stopping, class weights, seeds, progress."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from headwise.models.networks.stages import Pair

# Activations of a frozen prefix are kept where they take no more than this.
CACHE_LIMIT = 512 * 2**20

Progress = Callable[[int, int, float], None]
"""Told of passes done, their most, and the loss."""


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train.

    Attributes
    ----------
    epochs, patience : int
        Most passes over the data, and passes without a better validation loss after which training stops.
    batch_size : int
    learning_rate, weight_decay : float
    seed : int
        Fixes shuffling and dropout.
    smoothing : float
        Of the labels: so much of each is spread over all classes.
    cycle : bool
        Raise the rate for the first tenth of the steps, then let it fall to nothing, with decoupled weight decay (AdamW): for
        a fixed number of passes.
    """

    epochs: int = 60
    patience: int = 8
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    seed: int = 0
    smoothing: float = 0.0
    cycle: bool = False


@dataclass(frozen=True)
class Rows:
    """Inputs (a pair of tensors with equal first dimension), class indices and weights."""

    inputs: Pair
    targets: Tensor
    weights: Tensor

    def take(self, index: Tensor) -> Rows:
        """Return the rows at `index`."""
        return Rows((self.inputs[0][index], self.inputs[1][index]), self.targets[index], self.weights[index])

    def __len__(self) -> int:
        return len(self.targets)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Use one thread: for networks this small more are slower, many times so on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def run(stages: Sequence[nn.Module], inputs: Pair) -> Pair:
    """Pass a batch through `stages`."""
    for stage in stages:
        inputs = stage(*inputs)
    return inputs


@torch.no_grad()
def run_batches(stages: Sequence[nn.Module], inputs: Pair, batch_size: int = 1024) -> Pair:
    """Pass many rows through `stages` in evaluation mode, without gradients."""
    for stage in stages:
        stage.eval()
    parts = [run(stages, (f, s)) for f, s in zip(inputs[0].split(batch_size), inputs[1].split(batch_size), strict=True)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def train(
    stages: nn.ModuleList,
    rows: Rows,
    validation: Rows | None,
    schedule: Schedule,
    *,
    freeze: int = 0,
    cache: bool = True,
    progress: Progress | None = None,
) -> list[float]:
    """Train `stages` from number `freeze` on; the stages before it stay as they are, bit for bit.

    The frozen prefix runs in evaluation mode (no dropout), so its output for a row never changes and is computed
    once where `cache` holds and the output fits. Returns the validation (else training) loss after each epoch; the
    weights of the best epoch are kept.
    """
    with one_thread():
        return _train(stages, rows, validation, schedule, freeze, cache, progress)


def _train(
    stages: nn.ModuleList, rows: Rows, validation: Rows | None, schedule: Schedule, freeze: int, cache: bool, progress: Progress | None
) -> list[float]:
    torch.manual_seed(schedule.seed)
    frozen, trained = list(stages[:freeze]), nn.ModuleList(stages[freeze:])
    _require_grad(stages, trained)
    if frozen and validation is not None:
        validation = _advance(frozen, validation)
    if frozen and cache and _fits(frozen, rows):
        rows, frozen = _advance(frozen, rows), []
    steps = schedule.epochs * -(-len(rows) // schedule.batch_size)
    optimizer, rate = _optimizer(trained, schedule, steps)
    generator = torch.Generator().manual_seed(schedule.seed)
    losses: list[float] = []
    best, best_state, since = np.inf, None, 0
    for epoch in range(schedule.epochs):
        loss = _epoch(frozen, trained, rows, optimizer, rate, schedule, generator)
        losses.append(_loss(trained, validation) if validation is not None else loss)
        if progress is not None:
            progress(epoch + 1, schedule.epochs, losses[-1])
        since = 0 if losses[-1] < best - 1e-5 else since + 1
        if losses[-1] < best:
            best, best_state = losses[-1], copy.deepcopy(trained.state_dict())
        if validation is not None and since >= schedule.patience:
            break
    if best_state is not None and validation is not None:
        trained.load_state_dict(best_state)
    return losses


def _require_grad(stages: nn.ModuleList, trained: nn.ModuleList) -> None:
    for parameter in stages.parameters():
        parameter.requires_grad_(False)
    for parameter in trained.parameters():
        parameter.requires_grad_(True)


def _advance(frozen: Sequence[nn.Module], rows: Rows) -> Rows:
    return Rows(run_batches(frozen, rows.inputs), rows.targets, rows.weights)


def _fits(frozen: Sequence[nn.Module], rows: Rows) -> bool:
    sample = run_batches(frozen, (rows.inputs[0][:1], rows.inputs[1][:1]))
    size = sum(part.numel() * part.element_size() for part in sample)
    return size * len(rows) <= CACHE_LIMIT


def _epoch(
    frozen: Sequence[nn.Module],
    trained: nn.ModuleList,
    rows: Rows,
    optimizer: torch.optim.Optimizer,
    rate: torch.optim.lr_scheduler.LRScheduler | None,
    schedule: Schedule,
    generator: torch.Generator,
) -> float:
    trained.train()
    total = 0.0
    for index in torch.randperm(len(rows), generator=generator).split(schedule.batch_size):
        batch = rows.take(index)
        inputs = run_batches(frozen, batch.inputs) if frozen else batch.inputs
        loss = _weighted(run(list(trained), inputs)[0], batch, schedule.smoothing)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if rate is not None:
            rate.step()
        total += float(loss.detach()) * len(index)
    return total / max(len(rows), 1)


def _optimizer(
    trained: nn.ModuleList, schedule: Schedule, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler | None]:
    kind = torch.optim.AdamW if schedule.cycle else torch.optim.Adam
    optimizer = kind(trained.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay, fused=True)
    if not schedule.cycle:
        return optimizer, None
    # Neither rise nor fall may be without a step, or the schedule divides by zero.
    steps = max(steps, 4)
    rise = max(0.1, 2 / steps)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, schedule.learning_rate, total_steps=steps, pct_start=rise)


def _weighted(logits: Tensor, rows: Rows, smoothing: float = 0.0) -> Tensor:
    losses = nn.functional.cross_entropy(logits, rows.targets, reduction="none", label_smoothing=smoothing)
    return (losses * rows.weights).sum() / rows.weights.sum().clamp_min(1e-12)


@torch.no_grad()
def _loss(trained: nn.ModuleList, rows: Rows) -> float:
    return float(_weighted(run_batches(list(trained), rows.inputs)[0], rows))
