import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What programs need to be started at all, on each system. */
const KEPT = ['PATH', 'SystemRoot', 'ComSpec', 'PATHEXT'];

/**
 * The environment of a command that is measured: homes and temporary files of its own, and nothing else of whoever
 * measures. NODE_EXTRA_CA_CERTS alone would make every start of Node slower, by reading all of the authorities.
 *
 * @param {string} scratch
 * @param {string} home the name of a home in `scratch`, which is made
 * @returns {Record<string, string>}
 */
export function environment(scratch, home) {
  const folder = join(scratch, 'homes', home);
  const temporary = join(scratch, 'tmp');
  for (const wanted of [folder, temporary]) mkdirSync(wanted, { recursive: true, mode: 0o700 });
  const kept = Object.entries(process.env).filter(([name]) => KEPT.includes(name));
  return {
    ...Object.fromEntries(kept),
    HOME: folder,
    USERPROFILE: folder,
    TMPDIR: temporary,
    TEMP: temporary,
    LANG: 'C.UTF-8',
  };
}
