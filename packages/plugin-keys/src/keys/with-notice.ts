/** Does some work. Gives the notice at once when a signal comes, or when one came before. */
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
