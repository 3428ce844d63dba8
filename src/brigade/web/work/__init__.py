"""The pages every kind of work shares: queue, record, search, inbox."""
