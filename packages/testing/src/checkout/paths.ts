import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The CLI's package in this checkout, whose copy of the keychain addon tests use. */
export const cliRoot = fileURLToPath(new URL('../../../cli', import.meta.url));

/** Starts the CLI of this checkout, with all its plugins. */
export const BIN = join(cliRoot, 'bin', 'dev.js');

/** Starts the CLI as it is packed: without a plugin of this checkout. */
export const PACKED_BIN = join(cliRoot, 'bin', 'run.js');
