import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonProperty } from '../../json/parse.js';
import type { Findings } from '../findings.js';

/** Returns whether a key is one that the documentation names without saying what it does outside an endpoint. */
export function isUndocumentedKey(key: string): key is 'constraints' | 'params' {
  return key === 'constraints' || key === 'params';
}

/** Reports `constraints` above an endpoint, or `params` anywhere; both are sent as they are. */
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
      ? 'The effect of "params" is not documented; it is sent as it is.'
      : 'The effect of constraints above an endpoint is not documented; they are sent as they are.',
    help: params
      ? 'Try the key before you rely on it.'
      : 'Put them into an endpoint, or try the key before you rely on them.',
  });
}
