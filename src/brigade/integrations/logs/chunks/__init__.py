"""Writing one chunk of cases: records, entries, search."""
