"""Looking at a machine and a clone: what is unsafe, what is missing, how to mend it."""
