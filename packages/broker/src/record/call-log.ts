import type { RecordedCall } from '@vastai-cli/permissions/authoring/recording';
import { type Call, idsOf } from '../policy/call.js';

/** Reports each call to the recording of the run. */
export class CallLog {
  readonly #record: ((call: RecordedCall) => void) | undefined;
  #hasFailed = false;

  constructor(record: ((call: RecordedCall) => void) | undefined) {
    this.#record = record;
  }

  /** True once a call could not be recorded. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /**
   * Starts the clock of a call, and returns a function that reports it.
   *
   * @returns takes the verdict, and the status that the caller got: null if it did not get all of a response
   */
  begin(call: Call): (verdict: 'allow' | 'deny', status: number | null) => void {
    const started = performance.now();
    const { method, known } = call;
    return (verdict, status) => {
      const ms = Math.round((performance.now() - started) * 10) / 10;
      try {
        this.#record?.({
          time: Date.now() / 1000,
          operation: known?.operation ?? null,
          method,
          route: known?.route ?? null,
          ids: idsOf(call),
          verdict,
          status,
          ms,
        });
      } catch {
        this.#hasFailed = true;
      }
    };
  }
}
