// Saves the key on standard input in the key file of the default profile. It says when it is ready to.
import { readFileSync, writeSync } from 'node:fs';
import { readEnvironment } from '../../dist/config/environment.js';
import { ApiKey } from '../../dist/credentials/api-key.js';
import { saveKey } from '../../dist/credentials/save.js';
import { openSession } from '../../dist/session.js';

const environment = readEnvironment(process.env);
const session = await openSession({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
await saveKey(session, session.stores.file, ApiKey.parse(readFileSync(0, 'utf8')));
