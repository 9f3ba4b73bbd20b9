"""From the text of a request to its topics, class and owner (4.4-4.6), with the evidence."""
