"""Tools of the house: what can be generated is generated."""
