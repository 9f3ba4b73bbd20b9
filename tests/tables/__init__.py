"""Tests of the tables, their cell types and the policy rows they are shipped with."""
