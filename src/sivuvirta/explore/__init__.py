"""Explore: what else would do: fronts between objectives, networks almost as good, the best structures in order, why and why not."""
