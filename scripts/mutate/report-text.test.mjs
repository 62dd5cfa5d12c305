import { expect, it } from 'vitest';
import { reportText } from './report-text.mjs';

const source = 'const one = 1;\nif (one\n  > 0) return;\n';
const at = (line, column, endLine, endColumn) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});

it('lists surviving mutants by file and line, one per line, and counts the rest', () => {
  const mutant = (status, location, replacement) => ({ status, location, replacement, mutatorName: 'Some' });
  const text = reportText({
    files: {
      'b.ts': { source, mutants: [mutant('Survived', at(2, 5, 3, 6), 'false\n  ')] },
      'a.ts': {
        source,
        mutants: [
          mutant('NoCoverage', at(3, 8, 3, 15), ''),
          mutant('Survived', at(1, 13, 1, 14), '2'),
          mutant('Killed', at(1, 1, 1, 2), ''),
          mutant('Timeout', at(1, 1, 1, 2), ''),
          mutant('RuntimeError', at(1, 1, 1, 2), ''),
        ],
      },
    },
  });
  expect(text).toBe(`a.ts:1:13 Survived Some: 1 → 2
a.ts:3:8 NoCoverage Some: return; → \nb.ts:2:5 Survived Some: one > 0 → false \n2 of 5 noticed (40.0 %): 1 killed, 1 timed out, 2 survived, 1 run by no test, 1 errors
`);
});
