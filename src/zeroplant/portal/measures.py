"""Figures of the service for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measures:
    """Requests by route and status, their seconds, and who is looking."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "route", "status"]
        self._requests = Counter(
            "zeroplant_requests", "Requests answered", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "zeroplant_request_seconds", "Seconds until the answer", ["route"],
            registry=self.registry, buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )  # fmt: skip
        self.viewers = Gauge("zeroplant_viewers", "Pages that follow live", registry=self.registry)
        self.image_age = Gauge(
            "zeroplant_image_age_seconds", "Age of the newest image of the plant",
            registry=self.registry,
        )  # fmt: skip

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is its pattern, so that labels stay few."""
        method = method if method in METHODS else "other"  # strangers may not make up series
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
