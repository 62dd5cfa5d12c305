// Writes the report of a package's public types. The check compares it, so that no type changes unnoticed.
import { withoutDocs } from './declarations.mjs';
import { byName } from './surface.mjs';

/** Returns the report: each export, then each type that the exports use, without docstrings. */
export function publicReport(name, { sections, reached }) {
  const exported = sections.flatMap(({ declarations }) => declarations).sort(byName);
  const list = (declarations) => declarations.map(({ code }) => withoutDocs(code)).join('\n\n');
  return `What others may use of ${name}, and the types that it reaches. A change here is one for them: it needs a changeset.
Written by: node scripts/generate-docs.mjs

# Exported

${list(exported)}

# Reached

${list(reached)}
`;
}

/** Returns the removed and added lines of a report, as `- line` or `+ line`. */
export function differences(before, after) {
  const missing = (lines, among) => lines.filter((line) => line.trim() !== '' && !among.has(line));
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...missing(old, new Set(now)).map((line) => `- ${line}`),
    ...missing(now, new Set(old)).map((line) => `+ ${line}`),
  ];
}
