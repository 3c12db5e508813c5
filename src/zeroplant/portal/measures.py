"""Figures of the service, and of the plant as its controller sees it, for Prometheus."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from zeroplant.portal.moments import is_old

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


POWERS = {
    "exchange": ("zeroplant_export_megawatts", "Net export as measured, MW; negative is import"),
    "target": ("zeroplant_target_megawatts", "Net export aimed at, MW"),
    "achievable": ("zeroplant_achievable_megawatts", "Net export that can be reached, MW"),
    "cycle": ("zeroplant_cycle", "Number of the control cycle"),
}
"""Figures of an image by their key in it: name and meaning."""


class PlantFigures(Collector):
    """The newest image when it is asked for; what is not known, or old, has no figure."""

    def __init__(
        self, image: Callable[[], Mapping[str, Any] | None], age: Callable[[], float]
    ) -> None:
        self._image, self._age = image, age

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Net export and target, the cycle, alarms by severity, links."""
        image = self._image()
        if image is None or is_old(self._age()):
            return
        for key, (name, words) in POWERS.items():
            if isinstance(image.get(key), (int, float)):
                yield GaugeMetricFamily(name, words, image[key])
        alarms = GaugeMetricFamily(
            "zeroplant_alarms", "Alarms that hold, by severity", labels=["severity"]
        )
        held = Count(each["severity"] for each in image.get("alarms", ()) if not each["cleared"])
        for severity in ("critical", "major", "minor"):
            alarms.add_metric([severity], held[severity])
        links = GaugeMetricFamily(
            "zeroplant_link_connected", "Whether a link is connected, 1 or 0", labels=["link"]
        )
        for link, said in image.get("links", {}).items():
            links.add_metric([link], float(bool(said.get("connected"))))
        yield from (alarms, links)


class Measures:
    """Requests by route and status, their seconds, who is looking, and the plant's own figures."""

    def __init__(
        self, image: Callable[[], Mapping[str, Any] | None], age: Callable[[], float]
    ) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(PlantFigures(image, age))
        labels = ["method", "route", "status"]
        self._requests = Counter(
            "zeroplant_requests", "Requests answered", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "zeroplant_request_seconds", "Seconds until the answer", ["route"],
            registry=self.registry, buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )  # fmt: skip
        self.viewers = Gauge("zeroplant_viewers", "Pages that follow live", registry=self.registry)
        Gauge(
            "zeroplant_image_age_seconds", "Age of the newest image of the plant",
            registry=self.registry,
        ).set_function(age)  # fmt: skip

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is its pattern, so that labels stay few."""
        method = method if method in METHODS else "other"  # strangers may not make up series
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
