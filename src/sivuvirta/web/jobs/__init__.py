"""Background work: jobs that one worker holds at a time, that outlive a killed worker, tell how far they are and can be stopped."""
