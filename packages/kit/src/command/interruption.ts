import { constants } from 'node:os';
import { monotonicNow } from '@vastai-cli/core/internal/base/clock';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { endWithoutTerminal } from '../render/closed-terminal.js';
import { isUnderNohup } from '../render/standard-streams.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** The time that interrupted work has to report its outcome. */
const GRACE_MS = 500;
/** Signals this close together count as one: npm repeats the signal of the terminal, systemd sends HUP after TERM. */
const SAME_MOMENT_MS = 100;

/**
 * Turns the signals that ask a process to end into two abort signals. The first ends ordinary work; work that must not
 * stop half-way continues until the second. Handling them explicitly also makes them work for process 1 of a container,
 * which ignores them by default.
 */
export class Interruption {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #isUninterrupted = false;
  #isKeyboardIgnored = false;
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

  /** The exit status of a command that a signal ended, as shells report it: 130 after Ctrl-C. */
  get exitStatus(): number {
    return 128 + constants.signals[this.#latest?.signal ?? 'SIGINT'];
  }

  /**
   * Starts handling signals.
   *
   * @param end called to end the process if interrupted work does not finish within half a second
   */
  listen(end: (error: VastaiError) => unknown): void {
    endWithoutTerminal();
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

  /**
   * Runs work that must not stop half-way. The first signal does not end it.
   *
   * @throws VastaiError `interrupted` if a signal arrived before.
   */
  async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    this.first.throwIfAborted();
    return this.seeThrough(work);
  }

  /** Runs work that must finish even if a signal arrived before, such as printing a new key. */
  async seeThrough<T>(work: () => Promise<T>): Promise<T> {
    this.#isUninterrupted = true;
    try {
      return await work();
    } finally {
      this.#isUninterrupted = false;
    }
  }

  /** Runs work while another program has the terminal, which handles Ctrl-C itself. */
  async leaveKeyboard<T>(work: () => Promise<T>): Promise<T> {
    this.#isKeyboardIgnored = true;
    try {
      return await work();
    } finally {
      this.#isKeyboardIgnored = false;
    }
  }

  #receive(signal: (typeof SIGNALS)[number], end: (error: VastaiError) => unknown): void {
    if (this.#isKeyboardIgnored && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
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
