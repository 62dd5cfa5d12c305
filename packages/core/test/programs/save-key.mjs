// Saves the key from standard input in the key file of the default profile. It reports when it is ready.
import { readFileSync, writeSync } from 'node:fs';
import { ApiKey } from '../../dist/base/api-key.js';
import { readEnvironment } from '../../dist/base/environment.js';
import { openContext } from '../../dist/context/open.js';
import { saveKey } from '../../dist/credentials/save.js';

const environment = readEnvironment(process.env);
const context = await openContext({ environment, cwd: '/', cliRoot: '/', interactive: false });
writeSync(1, 'ready\n');
await saveKey(context, context.stores.file, ApiKey.parse(readFileSync(0, 'utf8')));
