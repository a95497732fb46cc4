"""Papers: files attached to rows, laboratory reports and photographs, shown to whom their row is shown."""
