import { describe, expect, it } from 'vitest';
import { lineChanges } from './line-changes.js';

const shown = (before: string, after: string) =>
  lineChanges(before, after).map(({ mark, line, text }) => `${line}${mark}${text}`);

describe('lineChanges', () => {
  it('finds no change between equal texts with different line endings', () => {
    expect(shown('a\nb\n', 'a\r\nb\r')).toEqual([]);
  });

  it('returns changed, removed and added lines with their numbers', () => {
    expect(shown('a\nb\nc\nd', 'a\nB\nc\nd')).toEqual(['2-b', '2+B']);
    expect(shown('// x\na\nb', 'a\nb')).toEqual(['1-// x']);
    expect(shown('a\nb', 'a\nx\ny\nb\nz')).toEqual(['2+x', '3+y', '5+z']);
    expect(shown('a\nb\nc', 'a')).toEqual(['2-b', '3-c']);
    expect(shown('// x\n// y\nold\na', 'new\na')).toEqual(['1-// x', '2-// y', '3-old', '1+new']);
  });

  it('continues line by line if no equal line is near', () => {
    const lines = (mark: string) => Array.from({ length: 100 }, (_, index) => `${mark}${index}`).join('\n');
    const changes = shown(lines('a'), lines('b'));
    expect(changes).toHaveLength(200);
    expect(changes.slice(0, 3)).toEqual(['1-a0', '1+b0', '2-a1']);
  });

  it('cuts long lines to the part that differs', () => {
    const [removed, added] = lineChanges(
      `${'x'.repeat(5000)}old${'y'.repeat(5000)}`,
      `${'x'.repeat(5000)}new`,
    );
    expect(removed?.text).toMatch(/^…x{40}oldy{77}…$/);
    expect(added?.text).toMatch(/^…x{40}new$/);
  });

  it('handles 20,000 changed lines quickly', () => {
    const text = (value: string) =>
      Array.from({ length: 20_000 }, (_, index) => `${value}${index}`).join('\n');
    expect(lineChanges(text('a'), text('b'))).toHaveLength(40_000);
  });
});
