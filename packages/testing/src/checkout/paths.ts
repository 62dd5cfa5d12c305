import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the CLI package in this checkout. Tests use its copy of the keychain addon. */
export const cliRoot = fileURLToPath(new URL('../../../cli', import.meta.url));

/** The script that starts the CLI with all plugins of this checkout. */
export const BIN = join(cliRoot, 'bin', 'dev.js');

/** The script that starts the CLI as it is packed, without the plugins of this checkout. */
export const PACKED_BIN = join(cliRoot, 'bin', 'run.js');
