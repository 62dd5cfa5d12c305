import { join } from 'node:path';
import { compileCache } from './compile-cache.js';

/**
 * Starts the CLI. This file and what it imports are all that is compiled anew at every start, so they are little: the rest
 * is loaded together with what was compiled before.
 */
export function start(): void {
  const load = compileCache(process.env);
  const { main } = load(join(__dirname, 'fast-path.js')) as typeof import('./main.js');
  void main(load);
}
