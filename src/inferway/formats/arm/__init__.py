"""Azure Resource Manager templates, as Bicep and people write them: JSON with expressions."""
