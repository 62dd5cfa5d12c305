import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @typedef {{ requests: number, connections: number }} Counts */

/**
 * Starts the API, in another process: this one waits for the commands and could not answer them.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ url: string, counts: () => Promise<Counts>, stop: () => void }>}
 */
export async function startApi(env) {
  const child = fork(fileURLToPath(new URL('api-server.mjs', import.meta.url)), { env });
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async counts() {
      child.send('counts');
      const [counts] = await once(child, 'message');
      return counts;
    },
    stop: () => child.disconnect(),
  };
}
