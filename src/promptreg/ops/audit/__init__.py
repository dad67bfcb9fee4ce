"""Who did what, when and why, from git alone: read, exported with a chain of hashes, checked."""
