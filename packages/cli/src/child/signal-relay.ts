import type { ChildProcess } from 'node:child_process';
import { endWithoutTerminal } from '@vastai-cli/kit/render/closed-terminal';
import { isUnderNohup } from '@vastai-cli/kit/render/standard-streams';
import { hasControllingTerminal } from './controlling-terminal.js';
import { isSessionLeader, statOf } from './process-stat.js';

/** The signals that no terminal sends: they reach this process alone. Node has no names for real-time signals. */
const SENT = ['SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGPWR', 'SIGURG'] as const;
/** The signals that a terminal sends to the whole process group. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGWINCH'] as const;
/** The signals that ask a process to end. */
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Lets every signal reach a child exactly once, and stops this process while the child is stopped, so that a shell sees
 * the job as it is.
 *
 * In a process group that the child shares, the terminal sends INT, QUIT, TSTP and WINCH to both. In a session of its
 * own, the child gets only the signals that are passed on.
 */
export class SignalRelay {
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  readonly #sharesGroup: boolean;
  #child: ChildProcess | undefined;
  #arrived: NodeJS.Signals | undefined;
  #isStarting = true;
  #isHungUp = false;
  /** The signal that stops this process like the child. A shell shows it as the exit status. */
  #stop: 'SIGTSTP' | 'SIGSTOP' = 'SIGSTOP';

  /** @param sharesGroup true if the child is in our process group, false if it has a session of its own */
  constructor(sharesGroup: boolean) {
    this.#sharesGroup = sharesGroup;
  }

  /** The first signal that asked this process to end before there was a child. */
  get arrived(): NodeJS.Signals | undefined {
    return this.#arrived;
  }

  /** Starts listening, so that no signal ends this process. Until there is a child, signals are only noted. */
  listen(): void {
    if (process.platform === 'win32') {
      for (const signal of ['SIGINT', 'SIGBREAK', 'SIGHUP'] as const)
        this.#on(signal, () => this.#note(signal));
      return;
    }
    endWithoutTerminal();
    for (const signal of SENT) this.#on(signal, () => this.#pass(signal));
    const underNohup = isUnderNohup();
    this.#on('SIGHUP', () => {
      if (!underNohup) this.#hangUp();
    });
    if (!this.#sharesGroup) {
      for (const signal of [...FROM_TERMINAL, 'SIGCONT'] as const) this.#on(signal, () => this.#pass(signal));
      return;
    }
    for (const signal of ['SIGINT', 'SIGQUIT'] as const)
      this.#on(signal, () => this.#passFromTerminal(signal));
    // Elsewhere nothing shows if the child has stopped, so this process stops with the first Ctrl-Z.
    if (process.platform !== 'linux') return;
    this.#on('SIGTSTP', () => {
      this.#stop = 'SIGTSTP';
      this.#passFromTerminal('SIGTSTP');
    });
    // A Ctrl-Z that stopped the child has reached us too, but its listener may come second.
    this.#on('SIGCHLD', () => setImmediate(() => this.#stopWithChild()));
    this.#on('SIGCONT', () => {
      this.#stop = 'SIGSTOP';
      if (this.#isChildStopped()) this.#pass('SIGCONT');
    });
  }

  /** Passes signals on to a child that has just been started. */
  follow(child: ChildProcess): void {
    this.#child = child;
    // By then, the signals that came while it was being started have been seen.
    setImmediate(() => {
      this.#isStarting = false;
    });
  }

  /** Restores the usual effect of all signals. That of USR1 would be to open the debugger of Node, which shows the key. */
  stop(): void {
    if (this.#listeners.size > 0 && process.platform !== 'win32') process.on('SIGUSR1', () => {});
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
    this.#listeners.clear();
  }

  #on(signal: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(signal, listener);
    process.on(signal, listener);
  }

  #pass(signal: NodeJS.Signals): void {
    if (this.#child === undefined) this.#note(signal);
    else this.#child.kill(signal);
  }

  /**
   * Passes a signal of the terminal on if it came before the child was there. If it came later, but before the program
   * was running, the child has ended of it.
   */
  #passFromTerminal(signal: NodeJS.Signals): void {
    if (this.#isStarting) this.#pass(signal);
  }

  /** Passes HUP on, unless it is that of a terminal that was closed: the whole group gets that. */
  #hangUp(): void {
    if (this.#isStarting || !this.#sharesGroup || hasControllingTerminal()) {
      this.#pass('SIGHUP');
    } else if (!this.#isHungUp && isSessionLeader()) {
      // The system tells the process for which the terminal was opened, and the group only when that has ended.
      this.#isHungUp = true;
      process.kill(0, 'SIGHUP');
    }
  }

  #note(signal: NodeJS.Signals): void {
    if (this.#child === undefined && ENDING.includes(signal)) this.#arrived ??= signal;
  }

  #stopWithChild(): void {
    if (!this.#isChildStopped()) return;
    const listener = this.#listeners.get('SIGTSTP');
    // Without a listener, it stops this process. That is so until it continues, which is right here.
    if (listener !== undefined) process.off('SIGTSTP', listener);
    process.kill(process.pid, this.#stop);
    if (listener !== undefined) process.on('SIGTSTP', listener);
  }

  #isChildStopped(): boolean {
    return statOf(this.#child?.pid ?? 0)?.state === 'T';
  }
}
