import { commandTest } from './command-test.js';
import { PACKED_BIN } from './paths.js';

/** Runs a test of the CLI as it is packed, in a home without plugins. */
export const it = commandTest(PACKED_BIN);
