"""Results as sheets: the database, the analysis, the directory and the forms, described without Excel."""
