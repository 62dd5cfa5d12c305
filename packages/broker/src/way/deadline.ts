/** A signal with a time limit, which ends early with another signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Releases everything. `AbortSignal.timeout` would keep its timer, and with it the request, until the time is over. */
  clear(): void;
}

/** @param parent ends it early */
export function deadlineAfter(milliseconds: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = setTimeout(end, milliseconds);
  parent?.addEventListener('abort', end);
  if (parent?.aborted) end();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', end);
    },
  };
}
