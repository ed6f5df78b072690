"""What the measures of 2020 say: their clauses, the period they name, the 26 items of the form, lists of codes."""
