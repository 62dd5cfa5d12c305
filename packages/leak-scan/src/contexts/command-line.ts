import { speaksOfVast } from '../names.js';
import type { Place } from '../place.js';
import type { Reason } from '../reasons.js';
import type { Shape } from '../shape.js';
import { hasVastHost } from './host.js';

const FLAGS = new Set(['--api-key', '--api_key', '--apikey']);
/** Limits the distance, in lines, between an address and a bearer token. */
const NEAR_LINES = 3;

/** Finds `set api-key X`, `--api-key X` and `Bearer X` next to an address of Vast.ai. */
export function onCommandLine(place: Place, shape: Shape): Reason | undefined {
  // Most words follow something else, and finding the words of a line takes longer than this.
  if (!/(?:api[-_]?key|bearer(?:_?(?:auth|token))?)[^a-z]{0,20}$/iu.test(place.before.slice(-40)))
    return undefined;
  const words = wordsBefore(place.before);
  const [last = '', second = '', third = ''] = words;
  if (last === 'api-key' && second === 'set') {
    if (words.some(speaksOfVast)) return 'command';
    return shape === 'key' && !/[a-z\d]$/iu.test(third) ? 'command' : undefined;
  }
  if (FLAGS.has(last)) return shape === 'key' || words.some(speaksOfVast) ? 'flag' : undefined;
  const isBearer = /(?:^|[^a-z])bearer(?:_?(?:auth|token)|%20|\+)?$/iu.test(last.slice(-24));
  return isBearer && shape === 'key' && hasVastHost(place.lines(NEAR_LINES)) ? 'bearer' : undefined;
}

/** Returns the words of a command before its end, the last one first, without the quotes and brackets around them. */
function wordsBefore(before: string): string[] {
  let start = before.length;
  do start = before.lastIndexOf('\n', start - 1);
  while (start > 0 && /[\\^`]\r?$/u.test(before.slice(Math.max(0, start - 2), start)));
  const line = before.slice(start + 1);
  const command = line.slice(Math.max(...[';', '&', '|'].map((end) => line.lastIndexOf(end))) + 1);
  return command
    .split(/[\s"'`,[\]()=\\]+/u)
    .filter((word) => word !== '' && word !== '+')
    .reverse();
}
