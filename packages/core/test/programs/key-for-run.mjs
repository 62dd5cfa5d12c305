// Finds the key like a command, which also moves a legacy file. It reports when it is ready.
import { readFileSync, writeSync } from 'node:fs';
import { readEnvironment } from '../../dist/base/environment.js';
import { acquireKey } from '../../dist/context/acquire-key.js';
import { openContext } from '../../dist/context/open.js';

const environment = readEnvironment(process.env);
const context = await openContext({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
readFileSync(0);
await acquireKey(context);
