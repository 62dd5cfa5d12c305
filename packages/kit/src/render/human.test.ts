import { describe, expect, it } from 'vitest';
import { fitted } from './human.js';
import { STYLED, UNSTYLED } from './styles.js';

const onTerminal = (columns: number) => ({
  stream: { isTTY: true, columns } as NodeJS.WriteStream,
  style: STYLED,
});
const yellow = (text: string) => `\u001b[33m${text}\u001b[39m`;

describe('text with one style', () => {
  const text = 'key: Other users can read it.\n  vastai config migrate --to file --profile work';

  it('wraps like the same text without a style', () => {
    const { stream } = onTerminal(30);
    const plain = fitted(text, { stream, style: UNSTYLED });
    expect(plain).toBe(text);
    expect(fitted({ text, style: 'yellow' }, onTerminal(30))).toBe(plain.split('\n').map(yellow).join('\n'));
  });

  it('aligns wrapped lines with its start after a prefix', () => {
    expect(fitted({ text: 'one two three', style: 'yellow' }, onTerminal(12), { before: 'no: ' })).toBe(
      `no: ${yellow('one two')}\n${yellow('    three')}`,
    );
  });
});
