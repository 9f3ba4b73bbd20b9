"""Modules whose functions xlwings calls from cells; they use the package as any other program would."""
