"""The program of a plan: its columns, and one function for every constraint family."""
