"""The verbs: functions from record to record that compose the rooms; what the package re-exports."""
