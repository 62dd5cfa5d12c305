/** Describes a line that is in only one of two texts. */
export interface LineChange {
  readonly mark: '-' | '+';
  /** Line number in the text that has the line, starting at 1. */
  readonly line: number;
  readonly text: string;
}

/** The number of lines to search for the next equal one. Repairs change few lines in a row, except for comments. */
const LOOKAHEAD = 100;
const WIDEST = 120;
const LEAD = 40;

/** Compares two texts line by line, and cuts long lines to the part that differs. */
export function lineChanges(before: string, after: string): LineChange[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const changes: LineChange[] = [];
  let left = 0;
  let right = 0;
  while (left < old.length || right < fresh.length) {
    if (old[left] === fresh[right]) {
      left += 1;
      right += 1;
      continue;
    }
    const { removed, added } = nextEqual(old, fresh, left, right);
    const from = Math.max(0, commonStart(old[left], fresh[right]) - LEAD);
    for (let at = left; at < left + removed; at += 1) {
      changes.push({ mark: '-', line: at + 1, text: cut(old[at] as string, from) });
    }
    for (let at = right; at < right + added; at += 1) {
      changes.push({ mark: '+', line: at + 1, text: cut(fresh[at] as string, from) });
    }
    left += removed;
    right += added;
  }
  return changes;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}

/** Counts the lines of each text before the next equal ones, or returns one of each if no equal line is near. */
function nextEqual(
  old: readonly string[],
  fresh: readonly string[],
  left: number,
  right: number,
): { removed: number; added: number } {
  if (left >= old.length) return { removed: 0, added: fresh.length - right };
  if (right >= fresh.length) return { removed: old.length - left, added: 0 };
  for (let most = 1; most <= LOOKAHEAD; most += 1) {
    for (const [removed, added] of [
      [most, most],
      [most, 1],
      [most, 0],
      [0, most],
    ] as const) {
      const line = old[left + removed];
      if (line !== undefined && line === fresh[right + added]) return { removed, added };
    }
  }
  return { removed: 1, added: 1 };
}

function commonStart(one = '', other = ''): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function cut(text: string, from: number): string {
  if (text.length <= WIDEST) return text;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + WIDEST)}${text.length > from + WIDEST ? '…' : ''}`;
}
