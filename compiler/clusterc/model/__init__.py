"""What passes between the stages: frozen, units in names, the origin of every value kept."""
