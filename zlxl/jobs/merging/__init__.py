"""Copies of the database merged three ways by row key (4.9)."""
