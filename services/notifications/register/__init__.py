"""What notifications keeps of the register: who is told, in which language."""
