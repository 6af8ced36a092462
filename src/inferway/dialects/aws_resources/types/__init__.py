"""What is known of the types of each service."""
