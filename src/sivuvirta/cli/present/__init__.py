"""Commands that write for readers: the report, the main job and pictures."""
