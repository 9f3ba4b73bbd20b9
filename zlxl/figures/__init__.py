"""Numbers computed from the columns of the tables: dates due, grades, satisfaction."""
