"""Units at the border: numbers and units as people write them, dry and as sent, oxides and elements, ranges."""
