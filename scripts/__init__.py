"""What makes and checks the site: the decision table, the content checks, the rendering."""
