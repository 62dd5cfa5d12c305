// Finds the key like a command, which also moves a legacy file. It reports when it is ready.
import { readFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { readEnvironment } from '../../dist/base/environment.js';
import { acquireKey } from '../../dist/context/acquire-key.js';
import { openContext } from '../../dist/context/open.js';
// Loaded here, because acquireKey would load it after the report, with calls of its own in between.
import '../../dist/operations/migrate/migrate.js';

const environment = readEnvironment(process.env);
const context = await openContext({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
readFileSync(0);
// Lets all later calls of the one thread for files have higher numbers than those of the main thread: strace counts the calls
// of each thread for itself, and kills at the first call with a number.
for (let nth = 0; nth < 100; nth += 1) await (await open('/dev/null')).close();
await acquireKey(context);
