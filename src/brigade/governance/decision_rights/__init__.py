"""Decision rights: who may decide what, up to which amount, by when."""
