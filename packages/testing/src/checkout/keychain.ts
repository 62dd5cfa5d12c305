import { describe as anyDescribe, type SuiteAPI } from 'vitest';
import { createKeychainHarness } from '../keychain-harness.js';
import { secretServiceInstalled } from '../secret-service.js';
import { commandTest } from './command-test.js';
import { BIN } from './paths.js';

/** Describes what needs a keychain and something else; skipped by name where either is missing. */
export const describeIf = (somethingElse: boolean): SuiteAPI['concurrent'] =>
  anyDescribe.runIf(secretServiceInstalled() && somethingElse).concurrent;

/** Describes what needs a keychain; skipped by name where no Secret Service can be started. */
export const describe: SuiteAPI['concurrent'] = describeIf(true);

/** Runs a test of the CLI of this checkout in a home that has a keychain. */
export const it = commandTest(BIN, createKeychainHarness);
