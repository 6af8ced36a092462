"""Several instances that answer alike: which one gets a call, and which gets none."""
