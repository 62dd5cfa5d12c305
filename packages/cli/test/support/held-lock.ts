import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestHome } from '@vastai-cli/testing/home';

const HOLDER = fileURLToPath(new URL('../../../core/test/programs/hold-lock.mjs', import.meta.url));

/** Lets another process hold the lock of a home, as a vastai does that changes keys; gives what ends it. */
export async function holdLock(home: TestHome): Promise<() => Promise<void>> {
  const holder = spawn(process.execPath, [HOLDER, home.at('.config/vastai/.lock')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await once(holder.stdout, 'data');
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
