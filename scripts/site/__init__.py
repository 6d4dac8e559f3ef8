"""From checked content to built pages: rendering, MkDocs events, styles, open data."""
