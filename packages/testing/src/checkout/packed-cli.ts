import { commandTest } from './command-test.js';
import { PACKED_BIN } from './paths.js';

/** Defines a test of the packed CLI, in a home without plugins. */
export const it = commandTest(PACKED_BIN);
