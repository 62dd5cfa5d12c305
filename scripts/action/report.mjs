// Writes what changed as Markdown. Everything is inside HTML elements in which Markdown means nothing, with every
// character that means something in HTML escaped: names and contents of files can neither format nor mention anything.

/** GitHub refuses a comment that is longer than 65,536 characters. */
const MAX_LENGTH = 60_000;
const MAX_LINES = 80;

/**
 * Formats the changed files.
 *
 * @param files `{ name, state, explanation, diff }` each; `diff` is empty for a file that is new or removed
 */
export function formatReport(files) {
  if (files.length === 0) return '<p>No permission file changed.</p>\n';
  let report = '<h3>Permission files</h3>\n\n';
  for (const [index, file] of files.entries()) {
    const section = formatFile(file);
    if (report.length + section.length > MAX_LENGTH) {
      return `${report}<p>${files.length - index} more changed files are not shown.</p>\n`;
    }
    report += section;
  }
  return report;
}

function formatFile({ name, state, explanation, diff }) {
  const title = `<h4><code>${escapeHtml(name.replaceAll('\n', '\uFFFD'))}</code> (${state})</h4>\n\n`;
  const difference = diff && `<details><summary>What changes</summary>\n\n${block(diff)}</details>\n\n`;
  return `${title}${explanation && block(explanation)}${difference}`;
}

function block(text) {
  const lines = text.trimEnd().split('\n');
  const shown = lines.slice(0, MAX_LINES).map((line) => escapeHtml(line.slice(0, 500)));
  if (lines.length > MAX_LINES) shown.push(`… ${lines.length - MAX_LINES} more lines`);
  return `<pre>${shown.join('\n')}</pre>\n\n`;
}

function escapeHtml(text) {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .replace(/[&<>"'`@]/gu, (character) => `&#${character.codePointAt(0)};`);
}
