import { commandTest } from './command-test.js';
import { BIN } from './paths.js';

/** Runs a test of the CLI of this checkout, with all its plugins. */
export const it = commandTest(BIN);
