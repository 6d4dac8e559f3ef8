"""The decision table: model, loading, evaluation and verification. Knows nothing of MkDocs."""
