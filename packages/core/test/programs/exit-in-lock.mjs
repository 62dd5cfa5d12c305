// Takes the lock at the given path, and exits without releasing it.
import { withLock } from '../../dist/files/lock.js';

await withLock(process.argv[2], () => process.exit(7));
