"""Reads of figures: values out of rows, inside what the reader may see, and values that closed."""

from brigade.kernel.measures.queries.stored import (
    stored_values,
    versions_of_value,
)
from brigade.kernel.measures.queries.values import Counted, Row, counted, rows_behind

__all__ = ["Counted", "Row", "counted", "rows_behind", "stored_values", "versions_of_value"]
