import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import type { Context } from '@vastai-cli/core/internal/credentials/context';

/** The key and the API of a run, for a program. Behind a broker, those are its token and its address. */
export interface Access {
  readonly key: ApiKey;
  readonly url: URL;
  /** False if `vastai`, started by the program with nothing but the key, would choose another API for it. */
  readonly isUrlImplied: boolean;
}

/** Returns the access of a run with this key. */
export async function accessOfRun(context: Context, key: ApiKey): Promise<Access> {
  const { url } = context;
  return { key, url, isUrlImplied: url.origin === (await impliedOrigin(context)) };
}

/** Returns the API of a run without flags and VAST_URL, or `undefined` if there would be none. */
async function impliedOrigin({ profile, record, environment }: Context): Promise<string | undefined> {
  try {
    // Without the flag, it is the same profile. The files that are made for that case contain no `import()`.
    const implied = profile.byFlag ? await recordWithoutFlags(environment) : record;
    return new URL(implied?.url ?? DEFAULT_URL).origin;
  } catch {
    return undefined;
  }
}

async function recordWithoutFlags({ VAST_URL: _, ...environment }: Environment): Promise<Context['record']> {
  const { openContext } = await import('@vastai-cli/core/internal/context/open');
  return (await openContext({ environment })).record;
}
