"""Hosts: parse, call one job, show. No thought lives here."""
