import { UsageError } from '../base/errors.js';

/** The headers that the key, the connection and the body decide. */
const OURS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads a header as a person types it: `Name: value`.
 *
 * @throws UsageError if it is not a header, or one that `OURS` lists, such as `Authorization`
 */
export function parseHeader(text: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*)$/su.exec(text) ?? [];
  if (!/^[\w!#$%&'*+.^`|~-]+$/u.test(name))
    throw new UsageError('A header is not valid.', 'For example: -H "Accept: text/plain"');
  if (OURS.has(name.toLowerCase())) {
    throw new UsageError(
      `The header ${name} cannot be set.`,
      name.toLowerCase() === 'authorization'
        ? 'vastai sends the key itself. --profile chooses another key.'
        : undefined,
    );
  }
  const trimmed = value.trimEnd();
  if (!/^[\t -~]*$/u.test(trimmed))
    throw new UsageError(`The value of the header ${name} has a character that no header may have.`);
  return [name, trimmed];
}
