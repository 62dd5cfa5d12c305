// Takes the lock whose path is given, and exits while it has it.
import { withLock } from '../../dist/files/lock.js';

await withLock(process.argv[2], () => process.exit(7));
