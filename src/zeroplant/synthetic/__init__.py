"""Labelled, generated inputs for examples and tests: loads, prices, rivers. Never measured data."""
