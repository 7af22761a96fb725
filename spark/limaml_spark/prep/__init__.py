"""From a raw log to a folder that limaml prep seal takes."""
