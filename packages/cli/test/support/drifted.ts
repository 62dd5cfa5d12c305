import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import type { Ran } from '@vastai-cli/testing/run';
import { expect } from 'vitest';

/** The profile's key in the keychain, moved there from the file, in which another tool then saved another key. */
export async function drifted(
  harness: KeychainHarness,
  ...more: string[]
): Promise<{ saved: string; other: string }> {
  const saved = harness.sandbox.key;
  await harness.keep('file', saved);
  expect((await harness.vastai(['config', 'migrate', '--to', 'keychain', ...more])).status).toBe(0);
  const { value: other } = await harness.addKey({ name: 'of another tool' });
  await harness.home.write(KEY_FILE, other);
  return { saved, other };
}

/** Runs a command that a message suggests, word for word. */
export async function runAsPrinted(
  { vastai, home }: KeychainHarness,
  text: string,
  begin: string,
): Promise<Ran> {
  const line = text.split('\n').find((one) => one.includes(begin)) ?? '';
  const [command = '', file] = line.slice(line.indexOf('vastai ') + 'vastai '.length).split(' < ');
  const input = file === undefined ? '' : ((await home.read(file.slice(home.path.length + 1))) ?? '');
  return vastai(command.split(' '), { input });
}
