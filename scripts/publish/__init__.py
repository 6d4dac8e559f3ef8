"""How a built site is published: headers, server configurations, compression, releases."""
