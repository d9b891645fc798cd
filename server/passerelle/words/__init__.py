"""What every room needs and no room owns: failures, secret references, tasks, text positions. No I/O."""
