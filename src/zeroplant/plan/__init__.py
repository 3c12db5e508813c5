"""Planning: sizes, dispatch, money, carbon and rules of a plant over its time axis."""

from zeroplant.plan.result import Carbon, Cure, Finance, PlanResult
from zeroplant.plan.run import plan

__all__ = ["Carbon", "Cure", "Finance", "PlanResult", "plan"]
