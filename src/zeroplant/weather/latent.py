"""Correlated Gaussian series with memory: the hidden drivers of generated weather.

Each series is unit-variance noise through two real poles: an exponential memory of ``hours``
and a shorter ``smooth`` that rounds the series off at small lags. Both are times, so the same
climate gives the same process at 15 min, 1 h or 3 h steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem

Memory = tuple[float, float]
"""Time constants of one series: (hours, smooth), both in h; smooth 0 gives an AR(1)."""

BURN_IN = 7.0
"""Time constants run before the first period, after which the start is forgotten (e^-7)."""


def burn_in(memories: Sequence[Memory], hours: float) -> int:
    """Periods to generate and throw away so that the series start in their stationary state."""
    return int(np.ceil(BURN_IN * max(time + smooth for time, smooth in memories) / hours))


def filtered(noise: Floats, memory: Memory, hours: float) -> Floats:
    """Run noise through the two poles of ``memory`` along the last axis.

    The recursion y_t = x_t + (a + b) y_(t-1) - a b y_(t-2) is a banded triangular system, which
    LAPACK solves as scipy.signal.lfilter would, without the second that its import takes.
    """
    from scipy.linalg.lapack import dtbtrs

    time, smooth = memory
    slow = np.exp(-hours / time)
    quick = np.exp(-hours / smooth) if smooth > 0 else 0.0
    band = np.empty((3, noise.shape[-1]))
    band[0], band[1], band[2] = 1.0, -(slow + quick), slow * quick
    result, _ = dtbtrs(band, noise.reshape(-1, noise.shape[-1]).T, uplo="L", diag="U")
    return np.ascontiguousarray(result.T, dtype=float).reshape(noise.shape)


def innovations(memories: Sequence[Memory], correlation: Floats, hours: float) -> Floats:
    """Cholesky factor of the noise that gives the filtered series exactly this correlation.

    With impulse responses psi_i and noise covariance C, the series have covariance
    C_ij * sum_k psi_i(k) psi_j(k); so C is the wanted correlation divided by those sums.
    Raises ``InputError`` when no noise can do that: the times are too different for the
    correlation asked for.
    """
    impulse = np.zeros(burn_in(memories, hours) * 2)
    impulse[0] = 1.0
    response = np.array([filtered(impulse, memory, hours) for memory in memories])
    covariance = correlation / (response @ response.T)
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError as error:
        text = "no weather has these correlations and memories together"
        raise InputError(
            Problem(text, "correlation", "lower the correlations or bring slow_hours together")
        ) from error


def latents(noise: Floats, memories: Sequence[Memory], correlation: Floats, hours: float) -> Floats:
    """Series of unit variance, given memories and correlation, from white noise.

    ``noise`` is (series, …, burn-in + periods); the burn-in is cut from the result.
    """
    factor = innovations(memories, correlation, hours)
    driven = np.einsum("ij,j...->i...", factor, noise)
    skip = burn_in(memories, hours)
    return np.stack(
        [
            filtered(one, memory, hours)[..., skip:]
            for one, memory in zip(driven, memories, strict=True)
        ]
    )


def streams(
    memories: Sequence[Memory],
    axis: Axis,
    key: Sequence[int],
    correlation: Floats | None = None,
) -> Floats:
    """Hidden series (series, chains, periods) of an axis; uncorrelated unless told.

    Every chain draws from a seed of its own, spawned from ``key``: chain k is the same whatever
    number of chains there are.
    """
    length = burn_in(memories, axis.hours) + axis.periods
    noise = np.empty((len(memories), len(axis.chains), length))
    for chain in range(len(axis.chains)):
        spawned = np.random.SeedSequence(list(key), spawn_key=(chain,))
        noise[:, chain] = np.random.default_rng(spawned).standard_normal((len(memories), length))
    wanted = np.eye(len(memories)) if correlation is None else correlation
    return latents(noise, memories, wanted, axis.hours)
