"""From the syntax tree to closures."""
