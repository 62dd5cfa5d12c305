import { describe, expect, it } from 'vitest';
import { Pacer, routeOf, thresholdOf } from './pacer.js';

describe('thresholdOf', () => {
  it('reads both documented messages', () => {
    expect(thresholdOf('API requests too frequent: endpoint threshold=2.0')).toBe(2000);
    expect(thresholdOf('API requests too frequent endpoint threshold=1.5')).toBe(1500);
  });

  it('reads it however it is written', () => {
    expect(thresholdOf('Threshold = 12.25 s')).toBe(12_250);
    expect(thresholdOf('threshold\t=  10')).toBe(10_000);
    expect(thresholdOf('threshold=.5')).toBeUndefined();
  });

  it('returns undefined without a valid number', () => {
    for (const text of ['', 'slow down', 'threshold=', 'threshold=-1', 'threshold=0', 'threshold=abc']) {
      expect(thresholdOf(text)).toBeUndefined();
    }
  });
});

describe('a limit that is known', () => {
  it('keeps the second request apart, and no other route', () => {
    const pacer = new Pacer({ 'GET /a/': 1000 });
    expect([pacer.isLimited('GET /a/'), pacer.isLimited('GET /b/')]).toEqual([true, false]);
    expect(pacer.take('GET /a/', 5000)).toBe(0);
    expect(pacer.take('GET /a/', 5000)).toBe(1010);
    expect(pacer.take('GET /b/', 5000)).toBe(0);
    expect(pacer.take('GET /b/', 5000)).toBe(0);
    expect(pacer.isLimited('constructor')).toBe(false);
  });
});

describe('routeOf', () => {
  it('counts the calls of all ids together, as the API does', () => {
    expect(routeOf('DELETE', '/api/v0/auth/apikeys/42/')).toBe('DELETE /api/v0/auth/apikeys/{id}/');
    expect(routeOf('DELETE', '/api/v0/auth/apikeys/43')).toBe('DELETE /api/v0/auth/apikeys/{id}');
    expect(routeOf('GET', '/api/v0/audit_logs/?id=5')).toBe('GET /api/v0/audit_logs/');
    expect(routeOf('GET', '/a/1?b=/2\nc/3')).toBe('GET /a/{id}');
    expect(routeOf('GET', '/a/12/34/b')).toBe('GET /a/{id}/{id}/b');
    expect(routeOf('GET', '/api/v0/1a/a1/2-3')).toBe('GET /api/v0/1a/a1/2-3');
  });
});

describe('Pacer', () => {
  it('lets requests through as long as no limit is known', () => {
    const pacer = new Pacer();
    expect([pacer.take('r', 0), pacer.take('r', 0), pacer.take('r', 1)]).toEqual([0, 0, 0]);
  });

  it('waits slightly more than the threshold after a rate limit, on that route only', () => {
    const pacer = new Pacer();
    pacer.refused('r', 2000, 100);
    const wait = pacer.take('r', 100);
    expect(wait).toBeGreaterThanOrEqual(2020);
    expect(wait).toBeLessThanOrEqual(2080);
    expect(pacer.take('other', 100)).toBe(0);
  });

  it('counts from the rate limit, with a jitter of up to 3 %', () => {
    const waits = Array.from({ length: 200 }, () => {
      const pacer = new Pacer();
      pacer.refused('r', 1000, 100);
      return pacer.take('r', 100);
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1010);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1040);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(5);
  });

  it('keeps 1 % more than was asked for, 2 and 4 % when that was not enough, and never more', () => {
    const pacer = new Pacer();
    const gapAfter = (threshold: number) => {
      pacer.refused('r', threshold, 0);
      pacer.take('r', 1e9);
      return pacer.take('r', 1e9);
    };
    const gaps = [1000, 1000, 1000, 1000, 1000].map(gapAfter);
    expect(gaps).toEqual([1010, 1020, 1040, 1040, 1040]);
    expect(new Pacer().take('r', 0)).toBe(0);
  });

  it('keeps 1 % more of a limit that was raised, too', () => {
    const pacer = new Pacer();
    pacer.refused('r', 1000, 0);
    pacer.refused('r', 2000, 0);
    pacer.take('r', 1e9);
    expect(pacer.take('r', 1e9)).toBe(2020);
  });

  it('does not wait after a response if no limit is known', () => {
    const pacer = new Pacer();
    pacer.answered('r', 0, 500);
    expect(pacer.take('r', 0)).toBe(0);
  });

  it('starts one gap after a response, minus the shortest response time', () => {
    const pacer = new Pacer();
    pacer.answered('r', 0, 100);
    pacer.refused('r', 1000, 0);
    pacer.answered('r', 10_000, 10_400);
    expect(pacer.take('r', 10_400)).toBe(1010 - 100);
    pacer.answered('r', 0, 50);
    // A late response does not move a turn that was already given.
    expect(pacer.take('r', 10_400)).toBe(1010 - 100 + 1010);
  });

  it('measures a response from its start to its end', () => {
    const pacer = new Pacer();
    pacer.answered('r', 5000, 5100);
    pacer.refused('r', 1000, 5100);
    pacer.answered('r', 20_000, 20_400);
    expect(pacer.take('r', 20_400)).toBe(1010 - 100);
  });

  it('keeps more distance when exactly the distance that it kept was not enough', () => {
    const pacer = new Pacer();
    pacer.refused('r', 1000, 0);
    pacer.refused('r', 1010, 0);
    pacer.take('r', 1e9);
    expect(pacer.take('r', 1e9)).toBeCloseTo(1010 * 1.02, 3);
  });

  it('loses less than 5 % of the time if all responses take equally long', () => {
    const pacer = new Pacer();
    let now = 0;
    const send = () => {
      now += pacer.take('r', now);
      const started = now;
      now += 300;
      pacer.answered('r', started, now);
      return started;
    };
    send();
    pacer.refused('r', 2000, now);
    const starts = Array.from({ length: 20 }, send);
    for (const [index, start] of starts.entries()) {
      if (index > 0) expect(start - (starts[index - 1] ?? 0)).toBeGreaterThanOrEqual(2000);
    }
    expect((starts[19] ?? 0) - (starts[0] ?? 0)).toBeLessThan(19 * 2000 * 1.05);
  });

  it('is not too early after a request that was slow to reach the server', () => {
    const pacer = new Pacer();
    pacer.answered('r', 0, 50);
    pacer.refused('r', 1000, 100);
    const started = 100 + pacer.take('r', 100);
    pacer.answered('r', started, started + 500);
    const next = started + 500 + pacer.take('r', started + 500);
    expect(next - started).toBeGreaterThanOrEqual(450 + 1000);
  });

  it.each([2000, 3000, 5000])(
    'sends 200 requests in hardly more time than a limit of %i ms between two demands, and one too early',
    (threshold) => {
      const pacer = new Pacer();
      let now = 0;
      let refused = 0;
      const accepted: number[] = [];
      for (let at = 0; accepted.length < 200; at += 1) {
        now += pacer.take('r', now);
        const started = now;
        // To the server, in it, and back: 60 to 140 ms, different each time.
        const arrival = now + 20 + (at % 3) * 10;
        now = arrival + 40 + ((at * 7) % 11) * 6;
        if (arrival - (accepted.at(-1) ?? -threshold) >= threshold) {
          accepted.push(arrival);
          pacer.answered('r', started, now);
        } else {
          refused += 1;
          pacer.refused('r', threshold, now);
        }
      }
      const demanded = 199 * threshold;
      expect((accepted.at(-1) ?? 0) - (accepted[0] ?? 0)).toBeLessThan(demanded * 1.05);
      expect(refused).toBe(1);
    },
  );

  it('keeps more distance when the distance that was asked for was not enough', () => {
    const pacer = new Pacer();
    const gapNow = () => {
      pacer.take('r', 1e9);
      return pacer.take('r', 1e9);
    };
    pacer.refused('r', 1000, 0);
    const first = gapNow();
    pacer.refused('r', 1000, 1e9 - 2000);
    const second = gapNow();
    expect(second).toBeGreaterThan(first);
    for (let times = 0; times < 9; times += 1) pacer.refused('r', 1000, 1e9 - 2000);
    expect(gapNow()).toBeLessThanOrEqual(1040);
  });

  it('gives simultaneous requests one turn each', () => {
    const pacer = new Pacer();
    pacer.refused('r', 1000, 0);
    const [first = 0, second = 0, third = 0] = [pacer.take('r', 0), pacer.take('r', 0), pacer.take('r', 0)];
    expect(second - first).toBeGreaterThanOrEqual(1000);
    expect(third - second).toBeGreaterThanOrEqual(1000);
  });
});
