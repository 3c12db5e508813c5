"""Money that is spread over years."""

from __future__ import annotations


def annuity(rate: float, years: float) -> float:
    """Equal yearly payment that repays 1 over ``years`` years at interest ``rate`` (0.05 = 5 %).

    Capital recovery factor, ``rate / (1 - (1 + rate)**-years)``; ``1 / years`` without interest.
    Raises ValueError if ``years`` is not positive or ``rate`` not above −1.
    """
    if years <= 0 or rate <= -1:
        message = f"no annuity for {years} years at a rate of {rate}"
        raise ValueError(message)
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)
