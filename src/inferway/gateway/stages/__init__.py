"""One module per pipeline step; each has a compile function from the step's data to a stage."""
