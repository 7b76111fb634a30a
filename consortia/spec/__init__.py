"""The file schema: strict models of what a person writes."""
