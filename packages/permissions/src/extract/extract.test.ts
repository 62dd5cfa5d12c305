import { describe, expect, it } from 'vitest';
import { extractDocuments } from './extract.js';
import { extractorFor } from './languages.js';

const extract = (language: string, text: string) => {
  const extractor = extractorFor(language);
  if (extractor === undefined) throw new Error(`No extractor for ${language}.`);
  return extractDocuments(text, 'host', extractor);
};
const summary = (language: string, text: string): string[] => {
  const { documents, skipped } = extract(language, text);
  return [
    ...documents.flatMap(({ line, column, diagnostics }) => [
      `document ${line}:${column}`,
      ...diagnostics.map((one) => `${one.code} ${one.line}:${one.column}-${one.endLine}:${one.endColumn}`),
    ]),
    ...skipped.map(({ line, column }) => `skipped ${line}:${column}`),
  ];
};

describe('extractDocuments', () => {
  it.each<[language: string, text: string, found: string[]]>([
    ['md', '# A\n\n```json\n{"api":{"instance_reed":{}}}\n```\n', ['document 4:1', 'VP014 4:9-4:24']],
    ['md', '> ```json\n> {"api":{\n>  "instance_reed":{}}}\n> ```\n', ['document 2:3', 'VP014 3:4-3:19']],
    ['md', '```jsonc\n// a\n{"api":{"billing_read":{},}}\n```', ['document 3:1']],
    ['md', '```json\n{"api": { … "billing_read": {} }}\n```', ['skipped 2:11']],
    ['md', '```json\n{"api":{"host":"x","port":1}}\n```', []],
    ['md', '```json\n{"read":true,"write":false}\n```', ['document 2:1', 'VP013 2:2-2:8']],
    [
      'md',
      '```console\n$ vastai create api-key --permissions \'{"api":{"instance_reed":{}}}\'\n```',
      ['document 2:40', 'VP014 2:48-2:63'],
    ],
    ['md', 'A\n\n    {"api":{"instance_reed":{}}}\n', ['document 3:5', 'VP014 3:13-3:28']],
    ['md', '    {"api":\n\n\t{"instance_reed":{}}}\n\nB\n', ['document 1:5', 'VP014 3:3-3:18']],
    ['md', '> A\n>\n>     {"api":{"instance_reed":{}}}\n', ['document 3:7', 'VP014 3:15-3:30']],
    ['md', 'A\n    {"api":{"instance_reed":{}}}\n', []],
    [
      'md',
      '- A\n\n    ```json\n    {"api":{"instance_reed":{}}}\n    ```\n',
      ['document 4:5', 'VP014 4:13-4:28'],
    ],
    ['md', "A\n\n    $ vastai create api-key --permissions '{}'\n", ['document 3:44', 'VP010 3:44-3:46']],
    ['py', 'p = \'{"api":{"misc":{"api.%s":{}}}}\' % name\n', ['skipped 1:37']],
    ['py', 'p = (\'{"api":\'\n  \'{"%s":{}}}\') % name\n', ['skipped 2:15']],
    ['py', 'p = \'{{"api":{{"{}":{{}}}}}}\'.format(name)\n', ['skipped 1:30']],
    ['py', 'p = \'{"api":{"NAME":{}}}\'.replace("NAME", n)\n', ['skipped 1:26']],
    ['py', 'p = \'{"api":{"misc":{}}}\'.encode()\n', ['document 1:6', 'VP205 1:14-1:20', 'VP206 1:14-1:20']],
    ['go', 'p := fmt.Sprintf(`{"api":{"%s":{}}}`, n)\n', ['skipped 1:18']],
    ['go', 'fmt.Fprintf(w, "{\\"api\\":{\\"%s\\":{}}}", n)\n', ['skipped 1:16']],
    ['go', 'p := strings.ReplaceAll(`{"api":{"X":{}}}`, "X", n)\n', ['skipped 1:25']],
    ['ts', 'const p = \'{"api":{"X":{}}}\'.replaceAll("X", n);\n', ['skipped 1:29']],
    ['tf', 'p = format("{\\"api\\":{\\"%s\\":{}}}", var.n)\n', ['skipped 1:12']],
    ['sh', 'printf \'{"api":{"%s":{}}}\' "$N"\n', ['skipped 1:8']],
    ['sh', 'printf \'{"api":{"instance_reed":{}}}\'\n', ['document 1:9', 'VP014 1:17-1:32']],
    ['sh', 'vastai create api-key --permissions "$P"\n', ['skipped 1:38']],
    ['sh', 'cat <<\'EOF\'\n{"api":{"instance_reed":{}}}\nEOF\n', ['document 2:1', 'VP014 2:9-2:24']],
    [
      'tf',
      'p = jsonencode({\n  api = { # why\n    instance_reed = {}\n    billing_read = {}\n  }\n})\n',
      ['document 1:16', 'VP014 3:5-3:18'],
    ],
    ['tf', 'p = jsonencode({ api = { instance_read = var.x } })', ['skipped 1:42']],
    ['tf', 'p = <<-EOF\n  {"api":{"instance_reed":{}}}\n  EOF\n', ['document 2:3', 'VP014 2:11-2:26']],
    ['go', 'var p = `\n{"api":{"instance_reed":{}}}`\n', ['document 2:1', 'VP014 2:9-2:24']],
    ['go', 'var p = "{\\"api\\":{\\"instance_reed\\":{}}}"\n', ['document 1:10', 'VP014 1:20-1:37']],
    ['ts', `const p = \`{"api":{"$\{x}":{}}}\`;`, ['skipped 1:21']],
    ['ts', 'const p = { "api": { "instance_reed": {} } };', ['document 1:11', 'VP014 1:22-1:37']],
    ['ts', 'const p = { "api": { "instance_read": all } };', ['skipped 1:39']],
    ['py', 'p = """{"api":{"instance_reed":{}}}"""', ['document 1:8', 'VP014 1:16-1:31']],
    ['py', 'p = (\'{"api":\'\n     \'{"instance_reed":{}}}\')', ['document 1:7', 'VP014 2:8-2:23']],
    ['ts', 'const p = "{\\"api\\":{}}\n', ['skipped 1:11']],
    ['py', 'p = f"{\nq = \'{"api":{}}\'\n', ['document 2:6', 'VP208 2:13-2:15']],
    ['py', 'p = \'{"api":{}}\n', ['skipped 1:5']],
    ['go', 'var p = "{\\"api\\":{}}\n', ['skipped 1:9']],
    ['tf', 'p = "{\\"api\\":{}}\n', ['skipped 1:5']],
    ['tf', 'p = <<EOF\n{"api":{}}\n', ['skipped 1:5']],
    ['sh', 'cat <<EOF\n{"api":{}}\n', ['skipped 1:5']],
    ['sh', 'p=\'{"api":{}}\n', ['skipped 1:3']],
    ['sh', 'p="{\\"api\\":{}}\n', ['skipped 1:3']],
    ['sh', "vastai create api-key --permissions '{}\n", ['skipped 1:37']],
    ['yaml', 'p:\n  api: # all\n\n    # some\n    instance_reed: {}\n', ['skipped 2:3']],
    ['yaml', '- "api":\r\n    misc: {}\r\n', ['skipped 1:1']],
    ['yaml', 'api:\n  port: 80\n  misc: 1\n', []],
    ['yaml', 'api:\nmisc: {}\n', []],
    ['yaml', 'p: \'{"api":{}}\n', ['skipped 1:4']],
    ['yaml', `p: '{"api":{"a''''b_read":{}}}'\n`, []],
    ['yaml', 'p: |\n  {"api":{"instance_reed":{}}}\nq: 1\n', ['document 2:3', 'VP014 2:11-2:26']],
    ['yaml', 'p: \'{"api":{"instance_reed":{}}}\'\n', ['document 1:5', 'VP014 1:13-1:28']],
  ])('finds in %s %j', (language, text, found) => {
    expect(summary(language, text)).toEqual(found);
  });

  it.each(['tf', 'sh', 'yaml'])(
    'reads a line of heredocs without an end in linear time in %s',
    (language) => {
      const text = `${'<<A '.repeat(200_000)}\n${'x'.repeat(1_000_000)}`;
      expect(extract(language, text)).toMatchObject({ documents: [], skipped: [] });
    },
  );

  it.each(['md', 'tf', 'go', 'ts', 'py', 'yaml', 'sh'])('reads any repeated %s to its end', (language) => {
    const size = 1_000_000;
    for (const unit of [
      '{"api":',
      '`',
      "'{",
      '"{ ',
      '<<A\n',
      '```\n',
      'jsonencode({',
      '/*',
      '{ ',
      ': |\n',
      '\\',
      '(/',
      '(/[',
      '{api:',
      '{api:"',
      '"{\\"',
      'f"{',
      '<<A{',
      '    {\n\n',
      "'{' % ",
      'printf "{%" ',
      '" ',
      'api:\n',
      ' api:\n#\n',
    ]) {
      expect(extract(language, unit.repeat(size / unit.length)).documents, unit).toEqual([]);
    }
  });
});
