"""A git repository as the registry for prompts and agents."""

__version__ = "0.1.0"
