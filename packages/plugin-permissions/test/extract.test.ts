import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const validate = (...args: string[]) => ['permissions', 'validate', '--extract', ...args];
const PAGE = `# Keys

\`\`\`json
{"api": {"instance_reed": {}}}
\`\`\`

\`\`\`json
{"api": {"misc": {}}}
\`\`\`

\`\`\`json
{"api": {"user_read": {}, … }}
\`\`\`
`;

describe.concurrent('permissions validate --extract', () => {
  it('shows findings at their place in the file, with its lines', async ({ harness: { vastai, home } }) => {
    await home.write('page.md', PAGE);
    const ran = await vastai(validate('page.md'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain(
      'page.md:4:10 error VP014 Unknown category "instance_reed".\n4 | {"api": {"instance_reed": {}}}\n  |          ^^^^^^^^^^^^^^^\n',
    );
    expect(ran.stdout).toContain('page.md:8:10 security VP205 ');
    expect(ran.stdout).toMatch(/ in 2 documents in 1 file\.\n$/u);
    expect(ran.stdout).not.toContain('permissions fix');
    expect(ran.stderr).toContain('page.md:12:27: Not checked: Parts of it are left out.\n');
    expect(ran.stderr).toContain('Correct page.md yourself: permissions fix changes only JSON files.\n');
  });

  it('says the same in every format', async ({ harness: { vastai, home } }) => {
    await home.write('page.md', PAGE);
    const run = async (format: string) => (await vastai(validate('page.md', '--format', format))).stdout;
    expect(await run('compact')).toMatch(/^page\.md:4:10: error VP014 /u);
    expect(await run('github')).toContain('file=page.md,line=4,endLine=4,col=10,endColumn=25,');
    expect(await run('junit')).toContain('page.md:4:10: error VP014 ');
    const { results } = JSON.parse(await run('sarif')).runs[0];
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'page.md' },
      region: { startLine: 4, startColumn: 10, endLine: 4, endColumn: 25 },
    });
    const json = JSON.parse(await run('json'));
    expect(json.diagnostics[0]).toMatchObject({ code: 'VP014', file: 'page.md', line: 4, column: 10 });
    expect(json.documents).toEqual([
      { file: 'page.md', line: 4, column: 1 },
      { file: 'page.md', line: 8, column: 1 },
    ]);
    expect(json.skipped).toEqual([
      { file: 'page.md', line: 12, column: 27, reason: 'Parts of it are left out.' },
    ]);
  });

  it('judges each document by gates, policies and baselines', async ({ harness: { vastai, home } }) => {
    await home.write('page.md', PAGE.replace('instance_reed', 'billing_read'));
    const gate = await vastai(validate('page.md', '--fail-on', 'spend-money'));
    expect(gate.status).toBe(10);
    expect(gate.stderr).toContain('Gate failed: page.md:8 lets a key spend money (spend-money): ');
    const policy = { failLevel: 'security', allow: [{ finding: 'VP205', files: ['*.md'], reason: 'shown' }] };
    await home.write('.vastai-permissions.json', JSON.stringify(policy));
    const judged = await vastai(validate('page.md', '--format', 'compact'));
    expect(judged.status).toBe(10);
    expect(judged.stdout).toMatch(/^page\.md:8:10: security VP206 [^\n]+\n$/u);
    expect((await vastai(validate('page.md', '--write-baseline', 'known.json'))).status).toBe(0);
    expect((await vastai(validate('page.md', '--baseline', 'known.json'))).status).toBe(0);
  });

  it('checks JSON files as before, next to others', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', '{"api":{"billing_read":{},}}');
    await home.write('keys.py', 'KEY = \'{"api":{"instance_read":{}}}\'\n');
    const ran = await vastai(validate('perms.json', 'keys.py'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain('or run: vastai permissions fix perms.json\n');
    expect(ran.stdout).toMatch(/ in 2 documents in 2 files\.\n$/u);
  });

  it('says that a file has no document', async ({ harness: { vastai, home } }) => {
    await home.write('page.md', '# Nothing\n');
    expect(await vastai(validate('page.md'))).toMatchObject({
      status: 0,
      stdout: 'No findings in 0 documents in 1 file.\n',
      stderr: 'page.md contains no permission documents.\n',
    });
  });

  it.for(['notes.txt', 'Makefile', 'run.console', '-'])('refuses %s', async (name, { harness }) => {
    const { vastai, home } = harness;
    await home.write(name, PAGE);
    const ran = await vastai(validate(name), { input: PAGE });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('md, mdx, markdown, hcl, tf, ');
  });
});
