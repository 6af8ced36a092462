"""Pulumi programs in YAML and JSON, evaluated by our own code; no command line and no plugin is needed.

The language: https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/.
"""
