import { pathTo } from '../../json/json-path.js';
import type { JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { rewriteOf } from '../rewrite.js';
import { sideEffects } from '../side-effects.js';

/**
 * Reports a document in a format from older pages or in words, once, at its first property.
 *
 * @param properties the top-level properties of a document without "api"
 * @returns the properties that belong to the format, if any
 */
export function reportLegacyFormat(
  properties: readonly JsonProperty[],
  findings: Findings,
): readonly JsonProperty[] {
  const rewrite = rewriteOf(properties);
  if (rewrite === undefined) return [];
  const { code, categories, open } = rewrite;
  const [first] = rewrite.properties;
  const example =
    categories.length === 0
      ? '{ "api": { … } } with the categories that the key needs'
      : `{ "api": { ${categories.map((category) => `"${category}": {}`).join(', ')} } }`;
  const notes = [sideEffects(categories), open ?? ''].filter((note) => note !== '').join(' ');
  findings.add({
    code,
    span: first.keySpan,
    path: pathTo(undefined, first.key),
    message:
      code === 'VP026'
        ? `The API ignores access levels in words, as for ${quote(first.key)}.`
        : `${quote(first.key)} is from a legacy format, which the API ignores.`,
    help: notes === '' ? `Use instead: ${example}` : `${notes} Use instead: ${example}`,
    ...(open === undefined ? { advice: { do: 'fix-document' } as const } : {}),
  });
  return rewrite.properties;
}
