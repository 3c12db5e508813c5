"""The forecast model of one quantity: what it learns from the past, and what it says of a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate import blend, features, power_curve, trees
from zeroplant.operate.almanac import Almanac
from zeroplant.operate.features import Pairs, Sight
from zeroplant.operate.past import Issues
from zeroplant.operate.references import Climatology, Seen

LONGEST = 192
"""Steps ahead a model is taught for: two days of quarter-hours."""
ROWS = 24_000
"""Pairs of origin and target a model is taught with; a long past is sampled."""
PER_TARGET = 4
"""Pairs for each value of a short past."""
LEAST_FOR_TREES = 4_000
"""Pairs below which trees would learn chance: about two weeks of quarter-hours."""
LEAST_FOR_BLEND = 400
BLIND = 0.15
"""Share of pairs that are shown without weather forecast, so that its loss is known ground."""
NEVER = -(2**62)
"""A moment [us] before every weather forecast."""
HALF_LIFE = 365.0
"""Days after which a lesson counts half: plants are extended, loads change hands."""
HELD = 5
"""One day in so many is held back to calibrate the bands."""
ROUNDS = 70
LONG = 180
"""Days of past from which on the season means something."""


@dataclass(frozen=True)
class Middle:
    """The blend of references, and how wide its errors are.

    ``scale`` is their mean size by steps ahead, ``spread`` (levels, knots) their quantiles as
    multiples of it.
    """

    weights: blend.Blend
    scale: Floats
    spread: Floats


@dataclass(frozen=True)
class Model:
    """What has been learnt of a quantity; parts that could not be learnt are None.

    ``usual`` is the climatology, ``least`` and ``most`` the extremes seen. All values are shares
    of the rating.
    """

    sight: Sight
    usual: Climatology
    least: float
    most: float
    middle: Middle | None = None
    trees: trees.Trees | None = None


def learn(
    seen: Seen,
    issues: Mapping[str, Issues],
    almanac: Almanac,
    levels: Sequence[float],
    *,
    seed: int,
    upto: int,
    step: int,
) -> Model:
    """A model from the values seen and the weather forecasts issued up to a moment [us].

    ``step`` is that of the grid [us]. At least one value must have been seen.
    """
    index = seen.first + np.arange(seen.values.size)
    moments = almanac.at(index)
    per_day = 86_400_000_000 // step
    solar = features.follows_the_sun(seen.values, moments)
    lit = moments.elevation > 0 if solar else np.ones(index.size, dtype=bool)
    sight = Sight(seen, issues, almanac, per_day, step, solar, index.size > LONG * per_day)
    moved = features.movement(seen, per_day).values
    if np.isfinite(moved).any():
        sight = replace(sight, usual_change=float(np.nanmean(moved)))
    weather = sight.weather(index, np.minimum(index * step, upto))
    outcome = np.where(lit, seen.values, np.nan)
    sight = replace(sight, curve=power_curve.best(weather, outcome, moments.hour))
    model = Model(
        sight=replace(sight, seen=Seen(0, np.empty(0))),
        usual=Climatology.learn(moments.hour, moments.month, seen.values),
        least=float(np.nanmin(seen.values)),
        most=float(np.nanmax(seen.values)),
    )
    return _taught(model, sight, index[np.isfinite(outcome)], levels, seed)


def _taught(model: Model, sight: Sight, targets: Ints, levels: Sequence[float], seed: int) -> Model:
    """The model with as much of blend and trees as the lessons allow."""
    pairs, outcome = _lessons(sight, targets, seed)
    if outcome.size < LEAST_FOR_BLEND:
        return model
    made = features.rows(sight, pairs)
    weights = blend.learn(made.simple, pairs.ahead, outcome)
    fold = (pairs.target // sight.per_day) % HELD
    held = fold == 0
    enough = (~held).sum() >= LEAST_FOR_TREES and held.any()
    errors = outcome - weights(made.simple, pairs.ahead)
    if not enough:  # trees are calibrated by days they have not seen, and so is what has none
        errors = _unseen(made.simple, pairs.ahead, outcome, fold, errors)
    left = errors / made.unrest
    scale = blend.scale(left, pairs.ahead)
    left = left / blend.at(scale, pairs.ahead)
    middle = Middle(weights, scale, blend.spread(left, pairs.ahead, levels))
    model = replace(model, middle=middle)
    if not enough:
        return model
    grown = trees.learn(made.wide, left, held, levels, rounds=ROUNDS, seed=seed)
    return replace(model, trees=grown)


def _unseen(simple: Floats, ahead: Floats, outcome: Floats, fold: Ints, errors: Floats) -> Floats:
    """Errors on the days of each fold of a blend learnt from the others; of a single fold as given.

    A few days are soon known by heart: what is left of them says little of the next.
    """
    found = errors.copy()
    for each in np.unique(fold):
        out = fold == each
        if out.all():
            break
        weights = blend.learn(simple[~out], ahead[~out], outcome[~out])
        found[out] = outcome[out] - weights(simple[out], ahead[out])
    return found


def _lessons(sight: Sight, targets: Ints, seed: int) -> tuple[Pairs, Floats]:
    """Pairs of origin and target to learn from, near and far ahead, and what came of them."""
    if not targets.size:
        return Pairs(targets, targets, targets), np.empty(0)
    draw = np.random.default_rng(seed)
    count = min(ROWS, PER_TARGET * targets.size)
    odds = 0.5 ** ((targets[-1] - targets) / sight.per_day / HALF_LIFE)
    target = draw.choice(targets, count, p=odds / odds.sum())
    near = np.exp(draw.uniform(0.0, np.log(LONGEST + 1.0), count))
    far = draw.uniform(1.0, LONGEST + 1.0, count)
    last = target - np.where(draw.random(count) < 0.5, near, far).astype(np.int64)
    known = np.where(draw.random(count) < BLIND, NEVER, (last + 1) * sight.step)
    usable = np.isfinite(sight.seen.at(last))
    pairs = Pairs(last[usable], target[usable], known[usable])
    return pairs, sight.seen.at(pairs.target)


def quantiles(model: Model, pairs: Pairs, seen: Seen, levels: int) -> Floats:
    """Quantiles (levels, rows) of each pair as shares of the rating, from what is seen now."""
    sight = replace(model.sight, seen=seen)
    made = features.rows(sight, pairs)
    if model.middle is None:
        course = blend.filled(made.simple)[0][:, blend.COURSE]
        return np.tile(course, (levels, 1))
    middle = model.middle
    spread = blend.at(middle.spread, pairs.ahead) if model.trees is None else model.trees(made.wide)
    wide = blend.at(middle.scale, pairs.ahead) * made.unrest
    found = middle.weights(made.simple, pairs.ahead) + wide * spread
    if sight.solar:
        found[:, sight.almanac.at(pairs.target).clear <= 0] = 0.0
    return np.asarray(found)


def climatology(model: Model, target: Ints) -> Floats:
    """What is usual at the time of day and of the year, as a share of the rating."""
    moments = model.sight.almanac.at(target)
    return model.usual.at(moments.hour, moments.month)
