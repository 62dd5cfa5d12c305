import { type Advice, adviceOf } from '../base/advice.js';
import type { Environment } from '../base/environment.js';
import { serverText } from '../base/terminal-safe.js';
import { ABSENT } from '../secrets/lookup.js';
import { readKeyText } from './explicit-sources.js';
import type { Source } from './source.js';

/** Returns the source of the key that Vast.ai gives a rented machine. It is listed, but never sent by itself. */
export function containerSource({ CONTAINER_API_KEY: value, CONTAINER_ID: id }: Environment): Source {
  return {
    name: 'container',
    location: 'CONTAINER_API_KEY',
    boundOrigin: undefined,
    searched: false,
    configured: false,
    isFree: true,
    faultOf: 'usage',
    whenRejected: [],
    read: async () => {
      const lookup = value === undefined ? ABSENT : readKeyText(value, 'CONTAINER_API_KEY');
      const problem = { code: 'container_key', message: aboutContainerKey(id), fix: SEND_CONTAINER_KEY };
      return lookup.state === 'present' ? { ...lookup, problems: [problem] } : lookup;
    },
  };
}

/** Returns advice about the key of a rented machine, for a run that found no other key. */
export function containerAdvice({ CONTAINER_API_KEY: value, CONTAINER_ID: id }: Environment): Advice[] {
  return value === undefined ? [] : [aboutContainerKey(id), SEND_CONTAINER_KEY].flatMap(adviceOf);
}

/** Returns a sentence about what the key can do (Vast.ai's documentation, “Docker environment”). */
function aboutContainerKey(id: string | undefined): string {
  const instance = id === undefined ? 'this instance' : `instance ${serverText(id)}`;
  return `CONTAINER_API_KEY can only start, stop and destroy ${instance}. It is not sent unless you pass it.`;
}

/** Says how to send the key without putting it into the arguments of a program. */
const SEND_CONTAINER_KEY = 'To send it: export VAST_API_KEY="$CONTAINER_API_KEY"';
