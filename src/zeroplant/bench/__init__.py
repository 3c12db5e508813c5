"""Measurements: published answers, and ratios against the peers in one and the same run."""
