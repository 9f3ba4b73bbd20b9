"""A run in words for people and machines: one module a format, the list of them in ``catalog``."""
