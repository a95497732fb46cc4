"""The register: the tables of a region as models, made from the schema, with holder, visibility and version."""
