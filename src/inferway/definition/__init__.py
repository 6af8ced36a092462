"""What an API is: frozen data, no behaviour."""
