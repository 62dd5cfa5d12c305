import type { Commit } from '../keys/collected.js';
import type { Git } from './git.js';

/** A file as a commit or the index has it. */
export interface Change {
  /** Object name of its content. */
  readonly id: string;
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly commit?: Commit;
}

/** Starts the line of a commit, in the format that `git log` is asked for. */
export const COMMIT_FORMAT = 'commit %H %at';

/** Matches one change: modes, object names and a status for each parent, then those of the file itself. */
const RAW = /^(?<parents>:+)(?<fields>[0-9a-f ]+) [A-Z]+\d*$/u;
const REGULAR = /^100[0-7]{3}$/u;
const LIST = new TextDecoder('utf-8');

/**
 * Reads what `git diff` and `git log` print with `--raw -z`: the files that came in, in the order of the output. Leaves out
 * what was removed, links and submodules.
 *
 * @returns those of each part of the output together, so that the next process gets them at once
 */
export async function* readChanges({ stdout }: Pick<Git, 'stdout'>): AsyncGenerator<Change[]> {
  let rest: Buffer = Buffer.alloc(0);
  let commit: Commit | undefined;
  let id: string | undefined;
  let isPath = false;
  for await (const part of stdout as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    const end = bytes.lastIndexOf(0);
    rest = bytes.subarray(end + 1);
    if (end === -1) continue;
    const changes: Change[] = [];
    for (const token of LIST.decode(bytes.subarray(0, end)).split('\0')) {
      if (isPath) {
        if (id !== undefined) changes.push({ id, path: token, ...(commit === undefined ? {} : { commit }) });
        isPath = false;
      } else {
        const text = token.replace(/^\n/u, '');
        isPath = text.startsWith(':');
        if (isPath) id = contentOf(text);
        else if (text !== '') commit = commitOf(text);
      }
    }
    yield changes;
  }
}

/** Returns the object name of a regular file that a change brought. */
function contentOf(raw: string): string | undefined {
  const { parents = '', fields = '' } = RAW.exec(raw)?.groups ?? {};
  const words = fields.split(' ');
  const [mode = '', id = ''] = [words[parents.length], words.at(-1)];
  return REGULAR.test(mode) && !/^0*$/u.test(id) ? id : undefined;
}

function commitOf(text: string): Commit | undefined {
  const [, id = '', date = ''] = text.split(' ');
  const time = date === '' ? Number.NaN : Number(date);
  return id === '' ? undefined : { id, ...(Number.isSafeInteger(time) ? { time } : {}) };
}
