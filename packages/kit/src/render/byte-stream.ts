import { once } from 'node:events';
import { sanitize } from './human.js';
import { hasLostOutput, isUnopened } from './lost-output.js';
import { printAtOnce } from './print-at-once.js';
import { STDOUT } from './terminal.js';

/**
 * Prints bytes as they arrive, without holding them. A pipe or a file gets them unchanged; a terminal gets text without
 * control characters, and a final line break. Stops as soon as standard output fails, for example because the reader has
 * ended.
 *
 * @param onPart called before each part is printed
 */
export async function printStream(parts: AsyncIterable<Uint8Array>, onPart: () => void): Promise<void> {
  for await (const part of STDOUT.isTTY ? forTerminal(parts) : parts) {
    onPart();
    printAtOnce(part);
    if (isUnopened('stdout')) continue;
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    if (hasLostOutput()) return;
  }
}

async function* forTerminal(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let last = '\n';
  for await (const part of parts) {
    const text = sanitize(decoder.decode(part, { stream: true }));
    if (text === '') continue;
    last = text;
    yield text;
  }
  const rest = sanitize(decoder.decode());
  if (!(last + rest).endsWith('\n')) yield `${rest}\n`;
}
