// Takes the lock at the given path, reports that, and keeps it until standard input ends.
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { withLock } from '../../dist/files/lock.js';

await withLock(process.argv[2], async () => {
  writeSync(1, 'held\n');
  await text(process.stdin);
  writeSync(1, 'released\n');
});
