/** Does some work; a person who interrupts it, or has before, gets the notice at once. */
export async function withNotice<T>(
  interruption: AbortSignal,
  notice: () => void,
  work: () => Promise<T>,
): Promise<T> {
  interruption.addEventListener('abort', notice);
  try {
    if (interruption.aborted) notice();
    return await work();
  } finally {
    interruption.removeEventListener('abort', notice);
  }
}
