import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonProperty } from '../../json/parse.js';
import type { Findings } from '../findings.js';

/** Returns true for a key that the documentation mentions without its effect, so that it is sent unchanged. */
export function isPassedThrough(key: string): key is 'constraints' | 'params' {
  return key === 'constraints' || key === 'params';
}

/** Reports `constraints` above an endpoint, or `params` anywhere. Both are sent unchanged. */
export function reportUndocumentedKey(
  { key, keySpan }: JsonProperty,
  parent: Path | undefined,
  findings: Findings,
): void {
  const params = key === 'params';
  findings.add({
    code: params ? 'VP104' : 'VP103',
    span: keySpan,
    path: pathTo(parent, key),
    message: params
      ? 'The effect of "params" is not documented. It is sent unchanged.'
      : 'The effect of "constraints" above an endpoint is not documented. It is sent unchanged.',
    help: params
      ? 'Test the key before you rely on it.'
      : 'Move it into an endpoint, or test the key before you rely on it.',
  });
}
