/** Runs work for each item, three at a time. Returns the results in order. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const todo = [...items.entries()];
  const worker = async () => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker(), worker()]);
  return results;
}
