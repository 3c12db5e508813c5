"""The sample plan, solved once for all tests of the report."""

from __future__ import annotations

import pytest

from tests.plan.report import sample


@pytest.fixture(scope="session")
def planned() -> sample.Result:
    """A year in steps of six hours."""
    return sample.result()
