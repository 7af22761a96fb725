// How well a column orders the labels of a sample; evaluation has its own measure, with intervals.

/**
 * Area under the ROC curve with ties counted half (Mann–Whitney): the probability that a clicked row has the
 * higher score. Scores must not be NaN. NaN when one class is missing.
 */
export function rankAuc(score: ArrayLike<number>, label: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: score.length }, (_, row) => row).sort(
    (a, b) => score[a]! - score[b]!,
  );
  let clicks = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && score[order[to]!] === score[order[from]!]) to++;
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
