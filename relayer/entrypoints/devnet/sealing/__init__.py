"""A consortium chain FOR DEVELOPMENT: blocks of an anvil under headers that validators seal."""
