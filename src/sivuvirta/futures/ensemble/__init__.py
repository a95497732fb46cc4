"""Ensembles: a plan under many draws of what is not known well, and plans made for all of them at once."""
