"""What a community promises: working time, targets, who is told when; tried before it is set."""
