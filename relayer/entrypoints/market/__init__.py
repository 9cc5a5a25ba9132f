"""What people do at the marketplace, put into calls and signatures."""
