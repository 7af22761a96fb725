// Zero mean and unit variance, so that a planted effect has the strength its option names.

/** Standardises in place and returns the same array; a constant becomes zeros. */
export function standardise(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) * scale;
  return values;
}
