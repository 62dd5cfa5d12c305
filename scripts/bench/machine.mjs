import { availableParallelism, cpus, type } from 'node:os';

/** What was measured on, without a name of it. */
export function machine() {
  const cores = availableParallelism();
  const model = cpus()[0]?.model.trim().replaceAll(/\s+/gu, ' ') || 'an unnamed processor';
  return `${model}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${type()} ${process.arch}`;
}
