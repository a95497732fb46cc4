"""Programs with whole numbers: led by their relaxation, improved piece by piece, searched by our own branching."""
