"""What every app stands on: levels of visibility, the gate, the look."""
