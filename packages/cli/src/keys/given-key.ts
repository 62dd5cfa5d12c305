import type { Environment } from '@vastai-cli/core/internal/base/environment';

/** Returns the name of the variable whose key overrides the saved one, if one is set. */
export function givenKey(environment: Environment): 'VAST_API_KEY' | 'VAST_API_KEY_FILE' | undefined {
  if (environment.VAST_API_KEY !== undefined) return 'VAST_API_KEY';
  return environment.VAST_API_KEY_FILE === undefined ? undefined : 'VAST_API_KEY_FILE';
}
