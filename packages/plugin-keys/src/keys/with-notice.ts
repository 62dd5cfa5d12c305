/** Runs the work. Calls `notice` when a signal arrives, or immediately if one already has. */
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
