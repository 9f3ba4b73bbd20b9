"""A seeded, realistic database, and the faults that can be put into it."""
