import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './pack.mjs';

it('agrees with Biome', () => {
  const { formatter } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  const lines = readFileSync(join(root, '.editorconfig'), 'utf8').split('\n');
  const settings = Object.fromEntries(
    lines
      .filter((line) => line.includes(' = ') && !line.endsWith(' = unset'))
      .map((line) => line.split(' = ')),
  );
  expect(settings).toMatchObject({
    indent_style: formatter.indentStyle,
    indent_size: String(formatter.indentWidth),
    max_line_length: String(formatter.lineWidth),
    end_of_line: formatter.lineEnding ?? 'lf',
    insert_final_newline: 'true',
  });
});
