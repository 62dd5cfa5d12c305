// Writes the report as a comment on the pull request, and replaces the comment of an earlier run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { annotate, readEvent } from './runner.mjs';

const MARK = '<!-- vastai permissions -->';
const number = readEvent().pull_request?.number;
const repository = process.env.GITHUB_REPOSITORY ?? '';

if (Number.isSafeInteger(number) && /^[\w.-]+\/[\w.-]+$/u.test(repository)) comment();

function comment() {
  const all = `repos/${repository}/issues/${number}/comments`;
  // Anyone can write the mark; only comments of bots are replaced.
  const own = `.[] | select(.user.type == "Bot" and (.body | startswith("${MARK}"))) | .id`;
  const found = gh(['api', '--paginate', all, '--jq', own]);
  if (found === undefined) return;
  const [id] = found.split('\n').filter((line) => /^\d+$/u.test(line));
  if (id === undefined && process.env.CHANGED === '0') return;
  const body = JSON.stringify({ body: `${MARK}\n\n${readFileSync(process.env.REPORT, 'utf8')}` });
  const [method, route] =
    id === undefined ? ['POST', all] : ['PATCH', `repos/${repository}/issues/comments/${id}`];
  gh(['api', '--silent', '--method', method, route, '--input', '-'], body);
}

/** Runs gh. A comment that cannot be written, as in a pull request from a fork, does not fail the check. */
function gh(args, input = '') {
  const { status, stdout, stderr, error } = spawnSync('gh', args, { encoding: 'utf8', input });
  if (status === 0) return stdout;
  annotate('warning', `Cannot comment on the pull request: ${error?.message ?? stderr.trim()}`);
  return undefined;
}
