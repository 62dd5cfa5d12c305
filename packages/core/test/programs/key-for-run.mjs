// Finds the key as a command does, which moves a legacy file on the way. It says when it is ready to.
import { readFileSync, writeSync } from 'node:fs';
import { readEnvironment } from '../../dist/config/environment.js';
import { keyForRun } from '../../dist/credentials/key-for-run.js';
import { openSession } from '../../dist/session.js';

const environment = readEnvironment(process.env);
const session = await openSession({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
readFileSync(0);
await keyForRun(session);
