import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { takenDebugVariable } from '../runtime/debug-variable.js';

/** The key and the API of a run, for a program. */
export interface Access {
  readonly key: ApiKey;
  readonly url: URL;
}

/**
 * Returns the environment of this process with a key in `VAST_API_KEY`, and the API in `VAST_URL` if it is not Vast.ai's
 * own. `VAST_API_KEY_FILE` is left out: it may name another key.
 */
export function environmentWith({ key, url }: Access): NodeJS.ProcessEnv {
  const { VAST_URL: _, ...rest } = environmentWithoutKeys();
  const isDefault = url.origin === new URL(DEFAULT_URL).origin;
  return {
    ...rest,
    ...takenDebugVariable(),
    VAST_API_KEY: key.reveal(),
    ...(isDefault ? {} : { VAST_URL: url.origin }),
  };
}

/** Returns the environment of this process as it was at the start, for a program that needs no key. */
export function environmentAsItWas(): NodeJS.ProcessEnv {
  return { ...process.env, ...takenDebugVariable() };
}
