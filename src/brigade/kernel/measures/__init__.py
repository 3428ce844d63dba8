"""One engine for every figure: definitions in YAML, values out of rows, periods that close."""
