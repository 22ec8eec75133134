"""A cell's value as plain data, whatever library it comes from."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time


def plain_value(value: object) -> object:
    """`value` as JSON could hold it: NaN becomes None, times become text, arrays lists."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain_value(item) for name, item in value.items()}
    tolist = getattr(value, "tolist", None)  # NumPy's scalars and arrays, without NumPy
    return plain_value(tolist()) if callable(tolist) else str(value)
