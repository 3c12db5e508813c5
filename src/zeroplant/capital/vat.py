"""Value-added tax: what was paid to suppliers is kept back from what is owed until exhausted."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats


def vat_paid(output_vat: Floats, input_vat: Floats) -> tuple[Floats, Floats]:
    """VAT paid to the state each year and the credit carried on; shapes as given, years last.

    The state is owed ``output_vat`` less all ``input_vat`` so far that has not been used yet, and
    never pays out. By year t it has received the highest the running balance ever was, so no
    year-by-year bookkeeping is needed: paid to date = max(0, max over s ≤ t of the balance).
    """
    balance = np.cumsum(output_vat - input_vat, axis=-1)
    to_date = np.maximum(np.maximum.accumulate(balance, axis=-1), 0.0)
    return np.diff(to_date, prepend=0.0, axis=-1), to_date - balance
