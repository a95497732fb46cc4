"""Input-output: jobs and value added of what a plan spends, by the Leontief inverse of a table."""
