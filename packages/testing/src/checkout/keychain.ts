import { describe as anyDescribe, type SuiteAPI } from 'vitest';
import { createKeychainHarness } from '../keychain-harness.js';
import { secretServiceInstalled } from '../secret-service.js';
import { commandTest } from './command-test.js';
import { BIN } from './paths.js';

/** Defines a group of tests that needs a keychain and something else. Skipped if either is missing. */
export const describeIf = (somethingElse: boolean): SuiteAPI['concurrent'] =>
  anyDescribe.runIf(secretServiceInstalled() && somethingElse).concurrent;

/** Defines a group of tests that needs a keychain. Skipped if no Secret Service can be started. */
export const describe: SuiteAPI['concurrent'] = describeIf(true);

/** Defines a test of the CLI in this checkout, in a home with a keychain. */
export const it = commandTest(BIN, createKeychainHarness);
