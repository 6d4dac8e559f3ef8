/**
 * The edits from one word to each beginning of another, where they can be few: a letter less, more,
 * or another, or two neighbours swapped.
 * @param {string} from
 * @param {string} to
 * @param {number} most
 */
export function edits(from, to, most) {
  /** @type {number[]} */
  let before = [];
  let row = [0];
  for (let j = 1; j <= to.length; j += 1) row[j] = j;
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= to.length; j += 1) {
      const other = from[i - 1] === to[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + other);
      if (from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      least = Math.min(least, next[j]);
    }
    if (least > most) return next;
    [before, row] = [row, next];
  }
  return row;
}
