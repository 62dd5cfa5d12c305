import { spawn } from 'node:child_process';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';

/**
 * Runs `vastai …args` in a process of its own, whose output goes to standard error: standard output belongs to
 * the command that was asked for.
 *
 * @returns its exit status; 1 when it was killed
 */
export function runAside(bin: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      stdio: ['ignore', 2, 2],
      env: environmentWithoutKeys(),
    });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}
