"""Big registries made from the examples, and what promptreg does with them."""
