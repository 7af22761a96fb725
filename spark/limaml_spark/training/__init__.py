"""The outer steps of an exported training, on several workers."""
