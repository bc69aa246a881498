"""What workorders keeps of the register: places, who lives there, who works there."""
