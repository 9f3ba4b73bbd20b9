"""What a valid workbook is: every rule's code and words, and the rules that need more than one row."""
