"""What was said: each conversation as a journal on disk, listed, searched, changed and exported."""
