import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { keysMask } from '@vastai-cli/core/internal/http/masking/key-redaction';

/** The hosts that a program must not reach through a proxy, which would get the token. */
const LOOPBACK = ['127.0.0.1', 'localhost'];

/**
 * Returns an environment for a program behind a broker: without any variable that contains the key, in plain or encoded form,
 * and with what makes clients reach the broker directly.
 *
 * @param env the environment that the program would have otherwise
 * @param keys the key that only the broker has, and the one that it stands in for
 */
export function brokerEnvironment(env: NodeJS.ProcessEnv, keys: readonly ApiKey[]): NodeJS.ProcessEnv {
  const { NO_PROXY, no_proxy, ...rest } = environmentWithout(env, keys);
  return {
    ...rest,
    NO_PROXY: withLoopback(NO_PROXY ?? no_proxy),
    no_proxy: withLoopback(no_proxy ?? NO_PROXY),
    VASTAI_NO_UPDATE_CHECK: '1',
    VASTAI_BROKER: '1',
  };
}

/** Returns an environment without any variable that contains one of the keys, in plain or encoded form. */
export function environmentWithout(env: NodeJS.ProcessEnv, keys: readonly ApiKey[]): NodeJS.ProcessEnv {
  const mask = keysMask(keys);
  const isClean = ([name, value = '']: [string, string | undefined]) =>
    mask(name) === name && mask(value) === value;
  return Object.fromEntries(Object.entries(env).filter(isClean));
}

function withLoopback(hosts = ''): string {
  const known = hosts.split(/[\s,]+/u).filter((host) => host !== '');
  // It means every host, but for curl and Python only if it stands alone.
  if (known.join() === '*') return '*';
  return [...known, ...LOOPBACK.filter((host) => !known.includes(host))].join(',');
}
