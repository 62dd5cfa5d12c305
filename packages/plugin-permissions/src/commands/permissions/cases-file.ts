import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { type InputFile, readInputFile } from '@vastai-cli/kit/input/files';
import { readTestFile, type TestFile } from '@vastai-cli/permissions/decision/test-cases';
import { decodeText } from '@vastai-cli/permissions/json/source-text';

/** The size limit. People write cases, so they are small. */
const MAX_BYTES = 1024 * 1024;
const SHOWN = 5;

/**
 * Reads a test file: JSON if its name ends in `.json`, otherwise YAML, which includes JSON.
 *
 * @throws UsageError if it cannot be read or is not a valid test file.
 */
export async function readCases(path: string): Promise<TestFile & { readonly file: string }> {
  const file = await readInputFile(path);
  if (file.bytes.length > MAX_BYTES) throw new UsageError(`${file.name} is larger than 1 MiB.`);
  const read = readTestFile(await parse(file));
  if (!('problems' in read)) return { file: file.name, ...read };
  const { problems } = read;
  const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more.`] : [];
  throw new UsageError(
    `${file.name} does not contain valid test cases.`,
    [...problems.slice(0, SHOWN), ...more].join('\n'),
  );
}

async function parse({ name, bytes }: InputFile): Promise<unknown> {
  const { text } = decodeText(bytes);
  try {
    if (name.endsWith('.json')) return JSON.parse(text);
    const { parse: parseYaml } = await import('yaml');
    // Converting to JSON rejects YAML that JSON cannot express, such as a list that contains itself.
    return JSON.parse(JSON.stringify(parseYaml(text, { schema: 'core', logLevel: 'error' })));
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n', 1);
    throw new UsageError(`${name} cannot be read: ${serverText(first)}`);
  }
}
