import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchTranscript, TRANSCRIPT_VARIABLE } from '../packages/testing/dist/transcript.js';

/** Collects everything that the CLI prints during the tests, and fails the run at the end if it contains a key. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-transcript-'));
  process.env[TRANSCRIPT_VARIABLE] = folder;
  return async () => {
    const { keys, characters, leaks } = await searchTranscript(folder);
    await rm(folder, { recursive: true, force: true });
    if (leaks.length > 0) {
      // An error thrown here would be shown, and the run would still count as passed.
      console.error(`A key was printed by: ${leaks.join(', ')}`);
      process.exitCode = 1;
    } else if (keys > 0) {
      console.log(`None of the ${keys} keys used is in the ${characters} characters that were printed.`);
    }
  };
}
