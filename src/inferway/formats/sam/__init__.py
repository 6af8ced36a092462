"""AWS SAM templates, translated by Amazon's own library, as resources with their references resolved."""
