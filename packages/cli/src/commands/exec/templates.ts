import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Access } from '../../child/access.js';

/** A variable for a program, with placeholders in its value. */
export interface Template {
  readonly name: string;
  readonly text: string;
}

const PLACEHOLDER = /\{\{(?<name>.*?)\}\}/gsu;
/** The variables that exec sets or removes itself. */
const RESERVED = ['VAST_API_KEY', 'VAST_API_KEY_FILE', 'VAST_URL'];

/**
 * Parses the values of `--env`. Messages repeat no value, since one may be a secret.
 *
 * @throws UsageError if one is not `NAME=TEMPLATE`, or has an unknown placeholder.
 */
export function parseTemplates(values: readonly string[]): Template[] {
  return values.map((value) => {
    const { name, text } = /^(?<name>[A-Za-z_]\w*)=(?<text>.*)$/su.exec(value)?.groups ?? {};
    if (name === undefined || text === undefined)
      throw new UsageError('--env takes NAME=TEMPLATE.', 'For example: --env TOKEN={{key}}');
    if (RESERVED.includes(name))
      throw new UsageError(
        `--env cannot set ${name}: exec sets or removes it itself.`,
        'Choose the key and the API with --profile, --api-key and --url.',
      );
    for (const { groups } of text.matchAll(PLACEHOLDER)) {
      if (groups?.name !== 'key' && groups?.name !== 'url')
        throw new UsageError(
          `--env ${name} has an unknown placeholder.`,
          'A template can contain {{key}} and {{url}}.',
        );
    }
    return { name, text };
  });
}

/** Returns the variables with their placeholders replaced. */
export function fillIn(templates: readonly Template[], { key, url }: Access): NodeJS.ProcessEnv {
  const values: Readonly<Record<string, string>> = { key: key.reveal(), url: url.origin };
  return Object.fromEntries(
    templates.map(({ name, text }) => [
      name,
      text.replace(PLACEHOLDER, (whole, placeholder) => values[placeholder] ?? whole),
    ]),
  );
}
