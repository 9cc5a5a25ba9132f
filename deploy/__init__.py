"""What operators need beside the program."""
