"""The door for every change of the register: checked, whole or not at all, each with its entry in the log."""
