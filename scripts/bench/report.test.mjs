import { describe, expect, it } from 'vitest';
import { pageOf } from './page.mjs';
import { plotOf } from './plot.mjs';
import { countVerdicts, noise, wrongCounts } from './report.mjs';
import { textOf } from './text.mjs';

const bare = { name: '`vastai --version`', by: 'node', of: 'time', limit: 2, aim: 1.6 };
const asking = { name: '`vastai show user --json`', by: 'script', of: 'time', limit: 2, aim: 1.5 };
const memory = { name: 'peak memory', by: 'script', of: 'memory', limit: 1.5, aim: 1.2 };

function result(row, middle, verdict, more = {}) {
  const once = row.by === 'node' ? 0 : 1;
  return {
    row,
    subject: 40 * middle,
    yardstick: 40,
    ratio: { low: middle - 0.1, median: middle, high: middle + 0.1 },
    verdict,
    asked: { requests: once, connections: once },
    bare: row.by === 'node' ? [40, 40, 41, 41] : [],
    ...more,
  };
}

function report(results, more = {}) {
  const groups = [{ subject: 'checkout', node: '20.19.0', results }];
  return { date: '2026-01-31', machine: 'A processor', runs: 20, groups, peers: [], missing: [], ...more };
}

const good = report([result(bare, 1.5, 'aim'), result(asking, 1.75, 'limit'), result(memory, 1.6, 'missed')]);

it('counts the verdicts', () => {
  expect(countVerdicts(good)).toEqual({ aim: 1, limit: 1, missed: 1 });
});

describe('the noise', () => {
  it('is not mentioned on a quiet machine', () => {
    expect(noise(good)).toBeUndefined();
    expect(textOf(good)).not.toContain('!!!');
  });

  it('is told loudly on a busy one, by the starts of Node alone', () => {
    const busy = report([result(bare, 1.5, 'aim', { bare: [30, 40, 50, 60] })]);
    expect(textOf(busy)).toMatch(/!!! The machine was busy: .* 33 % of their median/u);
    expect(pageOf(busy)).toContain('The machine was busy');
  });
});

describe('the requests', () => {
  it('are one over one connection, or none', () => {
    expect(wrongCounts(good)).toEqual([]);
    expect(pageOf(good)).toContain('makes one request over one TCP connection');
  });

  it.for([
    [asking, { requests: 2, connections: 1 }, '2 requests over 1 connection a run, and 1'],
    [asking, { requests: 1, connections: 2 }, '1 request over 2 connections a run, and 1'],
    [asking, { requests: 1.05, connections: 1 }, '1.05 requests over 1 connection a run, and 1'],
    [asking, { requests: 0, connections: 0 }, '0 requests over 0 connections a run, and 1'],
    [bare, { requests: 1, connections: 1 }, '1 request over 1 connection a run, and 0'],
  ])('of %j are named when they are %j', ([row, asked, said]) => {
    const wrong = report([result(row, 1.5, 'aim', { asked })]);
    expect(wrongCounts(wrong)).toEqual([expect.stringContaining(said)]);
    expect(textOf(wrong)).toContain(said);
    expect(pageOf(wrong)).toContain(said);
  });
});

describe('the page', () => {
  it('has the figures, the verdict in words, and what is missing', () => {
    const page = pageOf({ ...good, missing: ['The rows of the keychain are missing.'] });
    expect(page).toContain(
      '| 70.0 ms | the bare script | 40.0 ms | 1.75 | 1.65 to 1.85 | 2.00 | 1.50 | within the limit |',
    );
    expect(page).toContain('| 64 MiB | the bare script | 40 MiB | 1.60 |');
    expect(page).toContain('The rows of the keychain are missing.');
    expect(page).toContain('2026-01-31');
    expect(page).not.toMatch(/\{\{|undefined|NaN/u);
  });

  it('has a table of its own for other programs', () => {
    const peer = result({ name: '`gh --version`', by: 'node', of: 'time' }, 1.25, undefined);
    expect(pageOf({ ...good, peers: [peer] })).toMatch(
      /### Beside it\n\n.*\n.*\n\| `gh --version` \| 50\.0 ms \|/u,
    );
    expect(pageOf(good)).not.toContain('Beside it');
  });
});

describe('the plot', () => {
  it('has a bar with words for each result', () => {
    const plot = plotOf(good);
    for (const words of ['1.50 reaches the aim', '1.75 within the limit', '1.60 misses the limit'])
      expect(plot).toContain(`>${words}</text>`);
    expect(plot.match(/checkout, Node 20</gu)).toHaveLength(3);
    expect(plot).not.toMatch(/undefined|NaN/u);
  });

  it('draws to scale', () => {
    const widthOf = (plot, verdict) =>
      Number(new RegExp(`class="${verdict}" .*width="([\\d.]+)"`, 'u').exec(plot)[1]);
    const plot = plotOf(report([result(bare, 1, 'aim'), result(asking, 2, 'limit')]));
    expect(widthOf(plot, 'limit') / widthOf(plot, 'aim')).toBeCloseTo(2, 2);
  });

  it('keeps bars in it that are longer than any limit', () => {
    const [, end] = /class="missed" .*width="([\d.]+)"/u.exec(plotOf(report([result(bare, 40, 'missed')])));
    expect(Number(end)).toBeLessThan(750);
  });

  it('takes the name of a command as text', () => {
    const peer = result({ name: '`a <b> & c`', by: 'node', of: 'time' }, 1.25, undefined);
    expect(plotOf({ ...good, peers: [peer] })).toContain('a &lt;b&gt; &amp; c');
  });
});
