"""What the vendors mean: each dialect reads its definitions, gives templates their scope, and renders faults."""
