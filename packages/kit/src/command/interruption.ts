import { constants } from 'node:os';
import { monotonicNow } from '@vastai-cli/core/internal/base/clock';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isUnderNohup } from '../render/standard-streams.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** How long interrupted work may take to tell what became of it. */
const GRACE_MS = 500;
/** Signals this close together are one: npm repeats what the terminal sent already, systemd sends HUP after TERM. */
const SAME_MOMENT_MS = 100;

/**
 * Turns the signals that ask a process to end into two abort signals. The first ends ordinary work; work that must not be
 * cut off goes on until the second. Handlers for all of them also make them work for process 1 of a container,
 * which the system spares otherwise.
 */
export class Interruption {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #isUninterrupted = false;
  #latest: { readonly at: number; readonly signal: (typeof SIGNALS)[number] } | undefined;
  #end: NodeJS.Timeout | undefined;

  /** Aborted by the first signal. */
  get first(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborted by the second signal. */
  get second(): AbortSignal {
    return this.#second.signal;
  }

  /** The exit status of a command that a signal ended, as shells tell it: 130 after Ctrl-C. */
  get exitStatus(): number {
    return 128 + constants.signals[this.#latest?.signal ?? 'SIGINT'];
  }

  /** @param end ends the process, when work that was interrupted does not end by itself. */
  listen(end: (error: VastaiError) => unknown): void {
    const underNohup = isUnderNohup();
    for (const signal of SIGNALS) {
      const listener = signal === 'SIGHUP' && underNohup ? () => {} : () => this.#receive(signal, end);
      this.#listeners.set(signal, listener);
      process.on(signal, listener);
    }
  }

  stopListening(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
    clearTimeout(this.#end);
  }

  /** Does what must not be cut off half-way: a first signal from here on leaves it to the work to say what is at stake. */
  async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    this.first.throwIfAborted();
    return this.seeThrough(work);
  }

  /** Does what a signal that came before leaves alone too, such as printing a new key. */
  async seeThrough<T>(work: () => Promise<T>): Promise<T> {
    this.#isUninterrupted = true;
    try {
      return await work();
    } finally {
      this.#isUninterrupted = false;
    }
  }

  #receive(signal: (typeof SIGNALS)[number], end: (error: VastaiError) => unknown): void {
    const at = monotonicNow();
    if (this.#latest !== undefined && at - this.#latest.at < SAME_MOMENT_MS) return;
    this.#latest = { at, signal };
    const error = new VastaiError('interrupted', 'Interrupted.');
    const isFirst = !this.first.aborted;
    (isFirst ? this.#first : this.#second).abort(error);
    if (isFirst && this.#isUninterrupted) return;
    this.#end ??= setTimeout(() => end(error), GRACE_MS).unref();
  }
}
