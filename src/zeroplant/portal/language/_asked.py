"""The words of what the controller made of a wish, at the head of a page."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "answer none": ("The controller has not answered yet.", "控制器尚未应答。"),
    "answer yes": ("The controller has done it.", "控制器已执行。"),
    "answer no": ("The controller refused it: {}", "控制器拒绝：{}"),
}
