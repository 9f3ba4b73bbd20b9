"""Tests of zlxl.jobs.classifying."""
