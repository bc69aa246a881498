"""The register: communities, buildings, units, people, and who lives where."""
