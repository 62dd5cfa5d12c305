import { newSalt } from './fingerprint.js';
import type { LeakedKey } from './leaked-key.js';

const FORM = /^hmac-sha256:(?<salt>[0-9a-f]{32}):[0-9a-f]{64}$/u;
/** A baseline has one salt. Several files put together have a few; more would only cost time. */
const MOST_SALTS = 16;

/** Says that a file is not a baseline. The message does not repeat what is in the file. */
export class BaselineError extends Error {
  readonly code = 'invalid_baseline';
}

/** The keys that a team knows of: a file name and a salted fingerprint each. */
export class Baseline {
  readonly #byPath: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #salts: readonly string[];
  /** The salt for further fingerprints, so that one run and the next call a key the same. */
  readonly salt: string;

  constructor(byPath: ReadonlyMap<string, ReadonlySet<string>>, salts: readonly string[]) {
    this.#byPath = byPath;
    this.#salts = salts;
    this.salt = salts[0] ?? newSalt();
  }

  /** Returns true if the baseline has this key in this file, on whatever line. */
  has(path: string, key: LeakedKey): boolean {
    const known = this.#byPath.get(path);
    return known !== undefined && this.#salts.some((salt) => known.has(key.fingerprint(salt)));
  }
}

/** Reads what `writeBaseline` wrote; throws a `BaselineError` for anything else. */
export function readBaseline(text: string): Baseline {
  const entries = entriesOf(text);
  if (entries === undefined) throw new BaselineError('not a baseline of vastai scan');
  const byPath = new Map<string, Set<string>>();
  const salts = new Set<string>();
  for (const entry of entries) {
    const { path, fingerprint } = (entry ?? {}) as { path?: unknown; fingerprint?: unknown };
    const salt = typeof fingerprint === 'string' ? FORM.exec(fingerprint)?.groups?.salt : undefined;
    if (typeof path !== 'string' || salt === undefined)
      throw new BaselineError('an entry has no path or no fingerprint');
    salts.add(salt);
    if (salts.size > MOST_SALTS) throw new BaselineError(`more than ${MOST_SALTS} different salts`);
    byPath.set(path, (byPath.get(path) ?? new Set()).add(fingerprint as string));
  }
  return new Baseline(byPath, [...salts]);
}

/** Returns the text of a baseline: one entry for each key of each file, in the order of the file names, on a line of its own. */
export function writeBaseline(found: Iterable<{ path: string; key: LeakedKey }>, salt: string): string {
  const entries = new Map<string, string>();
  for (const { path, key } of found) {
    const fingerprint = key.fingerprint(salt);
    entries.set(`${path}\0${fingerprint}`, JSON.stringify({ path, fingerprint }));
  }
  const lines = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `    ${line}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "version": 1,\n  "findings": ${list}\n}\n`;
}

function entriesOf(text: string): unknown[] | undefined {
  try {
    const { version, findings } = JSON.parse(text.replace(/^\ufeff/u, ''));
    return version === 1 && Array.isArray(findings) ? findings : undefined;
  } catch {
    return undefined;
  }
}
