"""What translators and reviewers bring: the spreadsheet, marks of review, the state of it all."""
