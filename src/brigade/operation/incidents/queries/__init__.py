"""Figures of incidents: plain queries over what a person may see."""

from brigade.operation.incidents.queries.log import log_figures
from brigade.operation.incidents.queries.scope import Scope

__all__ = ["Scope", "log_figures"]
