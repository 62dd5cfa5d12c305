import { commandTest } from './command-test.js';
import { BIN } from './paths.js';

/** Defines a test of the CLI in this checkout, with all its plugins. */
export const it = commandTest(BIN);
