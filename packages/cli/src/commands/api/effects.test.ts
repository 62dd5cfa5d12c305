import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { describe, expect, it } from 'vitest';
import { isAsked, reasonsToAsk } from './effects.js';

const reasonsOf = (method: string, path: string, body?: object) =>
  reasonsToAsk({ method, path, body: body && JSON.stringify(body) });

describe('the reasons to ask before a request', () => {
  it('are what it destroys, what it costs, and whose access it changes', () => {
    expect(reasonsOf('DELETE', '/api/v0/instances/5/')).not.toEqual([]);
    expect(reasonsOf('PUT', '/api/v0/asks/5/')).not.toEqual([]);
    expect(reasonsOf('POST', '/api/v0/auth/apikeys/')).not.toEqual([]);
    expect(reasonsOf('POST', '/api/v0/bundles/')).toEqual([]);
    expect(reasonsOf('PUT', '/api/v0/instances/reboot/5/')).toEqual([]);
  });

  it('include that a route is unknown, unless the request only reads', () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(reasonsOf(method, '/api/v0/nothing/here/')).toEqual([expect.stringContaining('unknown')]);
    expect(reasonsOf('GET', '/api/v0/nothing/here/')).toEqual([]);
  });

  it('include that a path can be read in two ways', () => {
    expect(reasonsOf('PUT', '/api/v0/instances/reboot%2f5/').join()).toContain('unknown');
    expect(reasonsOf('PUT', '/api/v0/instances/reboot/5%2f..%2f6/').join()).toContain('unknown');
  });

  it('never concern a GET request, for which nothing is loaded', () => {
    expect(OPERATIONS.filter((one) => one.method === 'GET' && isAsked(one))).toEqual([]);
  });

  it('include those of the request that a scheduled job carries', () => {
    const job = (body: object) => reasonsOf('POST', '/api/v0/commands/schedule_job/', body);
    const carried = (request_method: string, api_endpoint: string) => ({ request_method, api_endpoint });
    expect(job(carried('DELETE', '/api/v0/instances/5/')).join()).toContain('destroy');
    expect(job(carried('PUT', '/api/v0/instances/reboot/5/'))).toEqual([]);
    expect(job(carried('PUT', '/api/v0/commands/schedule_job/5/')).join()).toContain('unknown');
    expect(job(carried('DELETE', '/api/v0/nothing/')).join()).toContain('unknown');
    expect(job({}).join()).toContain('unknown');
  });
});
