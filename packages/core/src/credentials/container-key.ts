import { type Advice, adviceOf } from '../base/advice.js';
import { type Environment, instanceIdOf } from '../base/environment.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import { readKeyText } from './explicit-sources.js';
import type { Source } from './source.js';

/** The code of everything that is said of this key. None of it is a problem: vastai does without the key. */
const CODE = 'container_key';

/** Returns the source of the key that Vast.ai gives a rented machine. It is listed, but never sent by itself. */
export function containerSource(environment: Environment): Source {
  return {
    name: 'container',
    location: 'CONTAINER_API_KEY',
    boundOrigin: undefined,
    searched: false,
    configured: false,
    isFree: true,
    faultOf: 'usage',
    whenRejected: [],
    read: async () => readContainerKey(environment),
  };
}

/** Returns advice about the key of a rented machine, for a run that found no other key. */
export function containerAdvice(environment: Environment): Advice[] {
  const lookup = readContainerKey(environment);
  const problems = lookup.state === 'present' ? (lookup.problems ?? []) : [];
  return problems.flatMap(({ message, fix }) => [message, fix]).flatMap(adviceOf);
}

function readContainerKey(environment: Environment): Lookup {
  if (environment.CONTAINER_API_KEY === undefined) return ABSENT;
  const lookup = readKeyText(environment.CONTAINER_API_KEY, 'CONTAINER_API_KEY');
  if (lookup.state === 'unreadable') return unreadable(CODE, lookup.problem.message, lookup.problem.fix);
  const problem = { code: CODE, message: aboutContainerKey(environment), fix: SEND_CONTAINER_KEY };
  return lookup.state === 'present' ? { ...lookup, problems: [problem] } : lookup;
}

/** Returns a sentence about what the key can do (Vast.ai's documentation, “Docker environment”). */
function aboutContainerKey(environment: Environment): string {
  const id = instanceIdOf(environment);
  const instance = id === undefined ? 'this instance' : `instance ${id}`;
  return `CONTAINER_API_KEY can only start, stop and destroy ${instance}. It is not sent unless you pass it.`;
}

/** Says how to send the key without putting it into the arguments of a program. */
const SEND_CONTAINER_KEY = 'To send it: export VAST_API_KEY="$CONTAINER_API_KEY"';
