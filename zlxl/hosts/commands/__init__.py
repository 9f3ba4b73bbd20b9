"""One module a command: its arguments, the call of its job, and what it shows."""
