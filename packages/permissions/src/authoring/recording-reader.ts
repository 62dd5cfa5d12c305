import type { LoggedCall } from './audit-log.js';
import { type ReadCall, readRecordedCall } from './recorded-call.js';

/** The most different calls to keep. More need more memory than a check is worth. */
export const MOST_CALLS = 100_000;
/** The longest line of a recording, in characters. A call needs a few hundred. */
const LONGEST_LINE = 64 * 1024;

/** Says what one recording holds, beside its calls. */
export interface RecordingSummary {
  /** The number of lines that are calls. */
  readonly calls: number;
  /** The number of lines that are not. */
  readonly unreadable: number;
  /** True if the last line has no end and is not a call, as after a run that was killed. It is not counted. */
  readonly isCutOff: boolean;
}

/** Counts the calls of recordings that are read part by part, so that a long one never is in memory as a whole. */
export class RecordingReader {
  readonly #most: number;
  readonly #allowed = new Map<string, Tally>();
  readonly #refused = new Map<string, Tally>();
  #decoder = new TextDecoder();
  #rest = '';
  /** True within a line that is too long. */
  #isTooLong = false;
  #calls = 0;
  #unreadable = 0;

  /** @param most the most different calls to keep */
  constructor(most = MOST_CALLS) {
    this.#most = most;
  }

  /** Adds the next bytes of the recording. Returns false once there are too many different calls to go on. */
  add(part: Uint8Array): boolean {
    const lines = `${this.#rest}${this.#decoder.decode(part, { stream: true })}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#endLine(line);
    if (this.#rest.length > LONGEST_LINE) {
      this.#isTooLong = true;
      this.#rest = '';
    }
    return this.#allowed.size + this.#refused.size <= this.#most;
  }

  /** Ends the recording, so that another one can follow. */
  endRecording(): RecordingSummary {
    const last = `${this.#rest}${this.#decoder.decode()}`;
    const isCutOff = last.trim() !== '' && !this.#isTooLong && readRecordedCall(last) === undefined;
    if (!isCutOff) this.#endLine(last);
    const summary = { calls: this.#calls, unreadable: this.#unreadable, isCutOff };
    this.#decoder = new TextDecoder();
    this.#rest = '';
    this.#isTooLong = false;
    this.#calls = 0;
    this.#unreadable = 0;
    return summary;
  }

  /** Returns the different calls that the runs allowed, or those that they refused, in the order of the recordings. */
  calls(which: 'allowed' | 'refused'): LoggedCall[] {
    return [...(which === 'allowed' ? this.#allowed : this.#refused).values()].map(({ call, count }) => ({
      method: call.method,
      route: call.path,
      candidates: [call.action],
      count,
    }));
  }

  #endLine(line: string): void {
    const call = this.#isTooLong || line.length > LONGEST_LINE ? undefined : readRecordedCall(line);
    const isEmpty = !this.#isTooLong && line.trim() === '';
    this.#isTooLong = false;
    if (isEmpty) return;
    if (call === undefined) {
      this.#unreadable += 1;
      return;
    }
    this.#calls += 1;
    if (!call.isPublic) count(call.wasAllowed ? this.#allowed : this.#refused, call);
  }
}

interface Tally {
  readonly call: ReadCall;
  count: number;
}

function count(tallies: Map<string, Tally>, call: ReadCall): void {
  const identity = `${call.method} ${call.path} ${call.action.name}`;
  const tally = tallies.get(identity);
  if (tally === undefined) tallies.set(identity, { call, count: 1 });
  else tally.count += 1;
}
