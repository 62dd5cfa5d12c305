// Finds the key as a command does, which moves a legacy file on the way. It says when it is ready to.
import { readFileSync, writeSync } from 'node:fs';
import { readEnvironment } from '../../dist/base/environment.js';
import { acquireKey } from '../../dist/context/acquire-key.js';
import { openContext } from '../../dist/context/open.js';

const environment = readEnvironment(process.env);
const context = await openContext({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
readFileSync(0);
await acquireKey(context);
