"""What the scripts for Spark are made of."""
