/** Does some work. A signal gives the person the notice at once; so does one that came before. */
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
