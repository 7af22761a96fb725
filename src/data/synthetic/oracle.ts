// How well the true probabilities themselves order the clicks: no model can expect more.

/**
 * Area under the ROC curve with ties counted half (Mann–Whitney): the probability that a clicked row has the
 * higher truth. NaN when one class is missing.
 */
export function oracleAuc(truth: Float64Array, label: Uint8Array): number {
  const order = Array.from(truth.keys()).sort((a, b) => truth[a]! - truth[b]!);
  let clicks = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && truth[order[to]!] === truth[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) {
      if (label[order[i]!] !== 1) continue;
      clicks++;
      rankSum += rank;
    }
    from = to;
  }
  const rest = order.length - clicks;
  return clicks === 0 || rest === 0 ? Number.NaN : (rankSum - (clicks * (clicks + 1)) / 2) / (clicks * rest);
}
