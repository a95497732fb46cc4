"""Linear and mixed-integer programs: labelled sparse triples to HiGHS in one call, duals, conflicts. Knows no domain word."""
