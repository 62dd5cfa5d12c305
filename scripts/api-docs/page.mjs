// Writes the page of a package's API from its declarations, docstrings and examples.

/**
 * Returns the page in Markdown.
 *
 * @param name of the package
 * @param intro Markdown below the title
 * @param surface as `readSurface` returns it
 * @param examples as `readExamples` returns them
 */
export function apiPage(name, intro, { sections, reached }, examples) {
  const entry = (declaration) => entryFor(declaration, examples);
  return `${[
    `# API of ${name}`,
    intro,
    ...sections.flatMap(({ title, declarations }) => [
      `## ${title}`,
      ...declarations.filter(isValue).map(entry),
      ...declarations.filter((declaration) => !isValue(declaration)).map(entry),
    ]),
    '## Types that these name',
    'These types are not exported. Use `Parameters`, `ReturnType` and `[…]` in TypeScript to refer to them.',
    ...reached.map(entry),
    '## Examples',
    ...examples.flatMap(({ title, summary, code }) => [`### ${title}`, summary, fence(code.trim())]),
  ].join('\n\n')}\n`;
}

/** Returns true for functions, classes and constants, which come before types. */
function isValue({ code }) {
  return /^export declare (?:function|class|const)\b/u.test(code);
}

function entryFor({ name, doc, code }, examples) {
  const { text, tags } = readDoc(doc);
  const using = examples.filter(({ names }) => names.has(name));
  const links = using.map(({ title }) => `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`);
  return [
    `### \`${name}\``,
    ...(text === '' ? [] : [text]),
    ...(tags.length === 0 ? [] : [tags.map((tag) => `- ${tag}`).join('\n')]),
    fence(code.replace(/^export (?:declare )?/u, '').replace(/^declare /u, '')),
    ...(links.length === 0 ? [] : [`Example: ${links.join(', ')}`]),
  ].join('\n\n');
}

/** Splits a docstring into its text and its tags, each as a line of Markdown. */
function readDoc(doc) {
  const body = doc
    .replace(/^\/\*\*/u, '')
    .replace(/\*\/$/u, '')
    .replaceAll(/^[ \t]*\* ?/gmu, '');
  const [text, ...tags] = body.split(/(?:^|\s)@(?=(?:param|returns|throws)\b)/u);
  return { text: wrapped(text), tags: tags.map((tag) => tagLine(wrapped(tag))) };
}

function tagLine(tag) {
  const parameter = /^param (\S+) ([\s\S]*)$/u.exec(tag);
  if (parameter) return `\`${parameter[1]}\`: ${parameter[2]}`;
  return tag
    .replace(/^(?:returns|throws)/u, (word) => `**${word[0].toUpperCase()}${word.slice(1)}**`)
    .replace(/(?<!`)\b\w+Error\b(?!`)/gu, '`$&`');
}

/** Joins the lines of each paragraph, since Markdown wraps them itself. */
function wrapped(text) {
  return text
    .trim()
    .split(/\n[ \t]*\n/u)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/gu, ' '))
    .join('\n\n');
}

function fence(code) {
  return `\`\`\`ts\n${code}\n\`\`\``;
}
