/** The first place of a list sorted by `timeOf` whose time is not before `time`. */
export function placeIn<T>(list: readonly T[], time: number, timeOf: (one: T) => number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const one = list[middle];
    if (one !== undefined && timeOf(one) < time) from = middle + 1;
    else to = middle;
  }
  return from;
}
