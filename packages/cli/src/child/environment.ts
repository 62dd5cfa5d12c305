import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { takenDebugVariable } from '../runtime/debug-variable.js';
import type { Access } from './access.js';

/**
 * Returns the environment of this process with a key in `VAST_API_KEY`. The API is in `VAST_URL` if it is not Vast.ai's own,
 * or if the settings name another one, to which the key must not go. `VAST_API_KEY_FILE` is left out: it may name another key.
 */
export function environmentWith({ key, url, isUrlImplied }: Access): NodeJS.ProcessEnv {
  const { VAST_URL: _, ...rest } = environmentWithoutKeys();
  const isDefault = url.origin === new URL(DEFAULT_URL).origin;
  return {
    ...rest,
    ...takenDebugVariable(),
    VAST_API_KEY: key.reveal(),
    ...(isDefault && isUrlImplied ? {} : { VAST_URL: url.origin }),
  };
}

/** Returns the environment of this process as it was at the start, for a program that needs no key. */
export function environmentAsItWas(): NodeJS.ProcessEnv {
  return { ...process.env, ...takenDebugVariable() };
}
