"""What all commands share: options, screen, words of figures, places and failures."""
