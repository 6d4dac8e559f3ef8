"""Languages, wording, sources and pages: what the site says, and the checks on it."""
