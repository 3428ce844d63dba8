"""Figures of incidents: plain queries over what a person may see."""

from brigade.operation.incidents.queries.log import log_figures
from brigade.operation.incidents.queries.page import (
    Arrivals,
    Duration,
    OpenWork,
    Slice,
    by_whom,
    came_in,
    how_long,
    open_work,
)
from brigade.operation.incidents.queries.scope import Scope

__all__ = [
    "Arrivals",
    "Duration",
    "OpenWork",
    "Scope",
    "Slice",
    "by_whom",
    "came_in",
    "how_long",
    "log_figures",
    "open_work",
]
