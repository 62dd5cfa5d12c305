import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';

/**
 * A jq expression, ready to run. It returns one result per line, with strings as they are, or one JSON array of all results,
 * and throws UsageError.
 */
export type Filter = (document: string) => string;

/** The exit status of jq for an expression that it cannot compile. */
const CANNOT_COMPILE = 3;

/** An expression can begin with a dash, so it follows the end of the flags. */
const FLAGS = ['-c', '--'];

const MADE = 'The request was sent, but its response is not shown.';

/** The longest document, in characters. With a longer one, jq can run out of memory, which ends it without a message. */
export const LONGEST_DOCUMENT = 32 * 1024 * 1024;

/**
 * Loads jq, as WebAssembly, and compiles an expression. It sees no files and no variables of this process.
 *
 * jq reads numbers as they are spelled and prints those unchanged that the expression does not calculate with, so integers of
 * 64 bits stay intact.
 *
 * @param asArray true for one JSON array of all results
 * @throws UsageError if the expression is not valid.
 */
export async function loadFilter(expression: string, asArray = false): Promise<Filter> {
  const { loadJq } = await import('jq-wasm/inline');
  const jq = await loadJq();
  // Without input, it only compiles.
  const { exitCode, stderr } = runIn(jq, '', expression);
  // The first line says where; below it come the expression, an arrow under it, and how many mistakes there are.
  if (exitCode === CANNOT_COMPILE) throw failed(stderr.replace(/:?\n.*$/su, ''));
  return (document) => {
    const { exitCode: status, stdout, stderr: complaint } = runIn(jq, document, expression, MADE);
    if (status !== 0) throw failed(complaint, MADE);
    const results = stdout === '' ? [] : stdout.split('\n');
    if (asArray) return `[${results.join(',')}]\n`;
    return results.map((result) => `${withoutQuotes(result)}\n`).join('');
  };
}

interface Jq {
  raw(
    input: string,
    query: string,
    flags: string[],
  ): { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
}

/** @param hint what became of the request, if it was made */
function runIn(jq: Jq, document: string, expression: string, hint?: string): ReturnType<Jq['raw']> {
  if (document.length > LONGEST_DOCUMENT)
    throw new UsageError('--jq: The response is too large for jq.', hint);
  const { error: print } = console;
  // WebAssembly ends with an exception when its memory is full, or its stack, and would also print that.
  console.error = () => {};
  try {
    return jq.raw(document, expression, FLAGS);
  } catch {
    throw new UsageError('--jq: The expression or its results are too large for jq.', hint);
  } finally {
    console.error = print;
  }
}

/** Prints a string as `jq -r` does. The package would cut line breaks at its end, so jq prints it as JSON. */
function withoutQuotes(line: string): string {
  return line.startsWith('"') ? (JSON.parse(line) as string) : line;
}

/** @param hint what became of the request, if it was made */
function failed(complaint: string, hint?: string): UsageError {
  const text = complaint.replace(/^jq: error(?: \(at \/dev\/stdin:\d+\))?: /u, '').replace(/^jq: /u, '');
  return new UsageError(`--jq: ${serverText(text === '' ? 'the expression ended jq' : text)}`, hint);
}
