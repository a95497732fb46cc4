"""Sources: each figure of an assessment down to the flows, coefficients, rows and citations that made it."""
