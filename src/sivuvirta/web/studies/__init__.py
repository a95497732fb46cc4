"""Studies: questions to the engine about a region, answered in the background and kept with their answers."""
