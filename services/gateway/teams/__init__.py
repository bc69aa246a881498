"""Who works where and when: teams, skills, certificates, shifts, leave, and who gets how much."""
