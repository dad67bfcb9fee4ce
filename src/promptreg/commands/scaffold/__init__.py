"""New files for a registry: their texts, and writing them all or none.

- `data/`: the texts; `<<word>>` stands for what is filled in
- `texts`: fills them in; `init` and `new` choose among them
- `files`: tells what exists already, and writes the rest
"""
