"""Tags of the templates of the register."""
