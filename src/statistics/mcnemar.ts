/**
 * The exact McNemar test (McNemar 1947) of pairs of yes and no: the chance that pairs which differ
 * split at least this unevenly when both ways are equally likely. Pairs that agree say nothing.
 *
 * @param wins pairs that went from no to yes.
 * @param losses pairs that went from yes to no.
 * @returns the two-sided p-value; 1 when no pair differs.
 */
export function mcnemar(wins: number, losses: number): number {
  const differing = wins + losses;
  const fewer = Math.min(wins, losses);
  // The chance of `fewer` is begun as a logarithm: 2^-differing is 0 from 1,075 pairs on.
  let logarithm = -differing * Math.LN2;
  for (let k = 1; k <= fewer; k++) logarithm += Math.log((differing - fewer + k) / k);
  let term = Math.exp(logarithm);
  let tail = 0;
  for (let k = fewer; k >= 0 && term > 0; k--) {
    tail += term;
    term *= k / (differing - k + 1);
  }
  return Math.min(1, 2 * tail);
}
