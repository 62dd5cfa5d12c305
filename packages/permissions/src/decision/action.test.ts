import { describe, expect, it } from 'vitest';
import type { Operation } from '../catalogue/operation.js';
import { type Action, type ActionKind, type Parameters, readAction, similarAction } from './action.js';
import { combineDecisions, decideAction } from './decide.js';

describe('readAction', () => {
  it.each<[ActionKind, string, operations: string[]]>([
    ['request', ' delete  /api/v0/instances/5?id=6 ', ['instance.destroy']],
    ['request', 'GET /api/v0/nowhere/', []],
    ['command', ' destroy instance ', ['instance.destroy']],
    ['command', 'vastai destroy instance', ['instance.destroy']],
    ['operation', ' instance.destroy ', ['instance.destroy']],
    ['operation', 'api.instance.destroy', ['instance.destroy']],
  ])('reads the %s %j', (kind, text, operations) => {
    const action = readAction(kind, text);
    const needed = 'operations' in action ? action.operations.map(({ operation }) => operation) : undefined;
    expect(needed).toEqual(operations);
  });

  it.each<[ActionKind, string, problem: string]>([
    ['request', '', 'malformed'],
    ['request', '/api/v0/instances/', 'malformed'],
    ['request', 'GET ftp://console.vast.ai/api/v0/instances/', 'malformed'],
    ['request', 'GET https://', 'malformed'],
    ['request', 'GET https://console.vast.ai?x=/api/v0/instances/', 'malformed'],
    ['request', 'GET https://a:b:c/', 'malformed'],
    ['request', 'GET /api/v0/instances/ HTTP/1.1', 'malformed'],
    ['command', '', 'unknown'],
    ['command', 'destroy planet', 'unknown'],
    // Only the first command would be judged.
    ['command', 'destroy instance 5 && vastai create api-key --name x', 'malformed'],
    ['command', 'destroy instance 5; destroy instance 6', 'malformed'],
    ['command', 'destroy instance 5\ndestroy instance 6', 'malformed'],
    ['command', 'show instances | xargs vastai destroy instance', 'malformed'],
    ['command', 'logs 5 & destroy instance 6', 'malformed'],
    ['operation', 'destroy instance', 'unknown'],
    ['operation', '__proto__', 'unknown'],
  ])('rejects the %s %j', (kind, text, problem) => {
    expect(readAction(kind, text)).toMatchObject({ problem });
  });

  it.each([`execute 5 'ls; rm x'`, 'execute 5 "a && b"', 'execute 5 a\\;b', ' destroy instance 5\n'])(
    'takes %j for one command',
    (text) => {
      expect(readAction('command', text)).toHaveProperty('operations');
    },
  );

  it('does not name what is in front of an unknown command, which can be a key', () => {
    expect(readAction('command', 'VAST_API_KEY=abc vastai destroy planet')).toMatchObject({
      problem: 'unknown',
      name: 'destroy planet',
    });
    expect(readAction('command', 'VAST_API_KEY=abc')).toMatchObject({ problem: 'unknown', name: '' });
  });

  it('prefers the values in the path over the given ones', () => {
    const given = { id: 6, force: true };
    expect(readAction('request', 'delete /api/v0/instances/5/', given)).toMatchObject({
      name: 'DELETE /api/v0/instances/5/',
      parameters: { id: '5', force: true },
      request: { method: 'DELETE', path: '/api/v0/instances/5/' },
    });
    expect(readAction('operation', 'instance.destroy', given)).toMatchObject({ parameters: given });
  });
});

describe('decideAction for a request with an odd path', () => {
  const WHOLE = { api: { instance_write: {} } };
  const ONE = { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } };

  it.each<[string, whole: string, one: string]>([
    ['DELETE /api/v0/instances/%35/', 'allow', 'allow'],
    ['DELETE /api/v0/instances/5/?id=5&x=6', 'allow', 'allow'],
    // A server that decodes first reaches another route.
    ['DELETE /api/v0/instances/5%2F..%2F..%2Fauth%2Fapikeys%2F7/', 'unknown', 'unknown'],
    ['DELETE /api/v0/instances/..%2F5/', 'unknown', 'unknown'],
    ['DELETE /api/v0/instances/5\\..\\6/', 'unknown', 'unknown'],
    // A server that prefers the query gets another value.
    ['DELETE /api/v0/instances/5/?id=6', 'allow', 'unknown'],
    ['DELETE /api/v0/instances/6/?a&id=5', 'allow', 'unknown'],
    ['DELETE /api/v0/instances/5/?id=5&id=6#x', 'allow', 'unknown'],
    ['DELETE /api/v0/instances/5/?%69d=6', 'allow', 'unknown'],
  ])('decides %s by what every server would read', (text, whole, one) => {
    const verdict = (document: unknown) => {
      const action = readAction('request', text, { id: 5 });
      return combineDecisions('problem' in action ? [] : decideAction(document, action)).verdict;
    };
    expect([verdict(WHOLE), verdict(ONE), verdict(null)]).toEqual([whole, one, 'allow']);
  });
});

describe('readAction for a request with a URL', () => {
  it.each<[string, path: string, origin: string | undefined]>([
    ['DELETE https://console.vast.ai/api/v0/instances/5/', '/api/v0/instances/5/', undefined],
    ['delete HTTPS://Console.Vast.AI:443/api/v0/instances/5/', '/api/v0/instances/5/', undefined],
    ['DELETE http://127.0.0.1:8080/api/v0/instances/5', '/api/v0/instances/5', 'http://127.0.0.1:8080'],
    ['DELETE https://me:secret@x.example/api/v0/instances/5/', '/api/v0/instances/5/', 'https://x.example'],
    ['GET https://console.vast.ai', '/', undefined],
  ])('reads %j', (text, path, origin) => {
    const action = readAction('request', text);
    expect(action).toMatchObject({ request: { path } });
    expect(action).toHaveProperty('name', `${text.split(' ')[0]?.toUpperCase()} ${path}`);
    expect('origin' in action ? action.origin : undefined).toBe(origin);
    if (path.includes('instances')) expect(action).toMatchObject({ parameters: { id: '5' } });
  });

  it('does not let a path leave its route', () => {
    expect(readAction('request', 'GET https://console.vast.ai/api/v0/team/roles/../members/')).toMatchObject({
      operations: [],
    });
  });
});

describe('readAction for a command', () => {
  const command = (text: string, parameters?: Parameters): Action => {
    const action = readAction('command', text, parameters);
    if ('problem' in action) throw new Error(`${text}: ${action.problem}`);
    return action;
  };
  const namesOf = (operations: readonly Operation[]) => operations.map(({ operation }) => operation);

  it('takes the id from the typed words before the given one', () => {
    expect(command('vastai destroy instance 5 --yes', { id: 6 })).toMatchObject({
      name: 'destroy instance 5',
      parameters: { id: '5' },
    });
    expect(command('show machine 7').parameters).toEqual({ machine_id: '7' });
    expect(command('detach ssh 5 9').parameters).toEqual({ id: '5', key: '9' });
    expect(command('dump-logs 7 --instance-id 5').parameters).toEqual({ id: '5' });
    expect(command('show earnings').parameters).toEqual({});
  });

  it.each(['ID', 'INSTANCE_ID', '<id>', '{id}', '[ID]', '$ID', '"$INSTANCE"'])(
    'does not take %s for an id',
    (word) => {
      expect(command(`destroy instance ${word}`).parameters).toEqual({});
      expect(command(`destroy instance ${word}`, { id: 5 }).parameters).toEqual({ id: 5 });
    },
  );

  it('never repeats a flag, which can hold a key', () => {
    expect(JSON.stringify(command('vastai --api-key 0123abcd destroy instance 5'))).not.toContain('0123abcd');
  });

  it('lists apart what only other forms call, without the parameters that are not theirs', () => {
    const plain = command('reboot instance', { id: 1227 });
    expect(namesOf(plain.operations)).toEqual(['instance.reboot']);
    expect(plain.parameters).toEqual({ id: 1227 });
    expect(plain.others?.map(({ when, instead, parameters }) => ({ when, instead, parameters }))).toEqual([
      { when: 'with --schedule', instead: false, parameters: {} },
      { when: 'with --schedule if the job exists', instead: false, parameters: {} },
    ]);
    expect(plain).not.toHaveProperty('unused');
    expect(command('destroy instance', { id: 5 })).not.toHaveProperty('others');
  });

  it('decides by the form whose flag is typed', () => {
    const scheduled = command('reboot instance 5 --schedule DAILY');
    expect(namesOf(scheduled.operations)).toEqual(['instance.reboot', 'scheduled_job.create']);
    expect(scheduled.others?.map(({ when }) => when)).toEqual(['with --schedule if the job exists']);
    const replaced = command('delete deployment --name web');
    expect(namesOf(replaced.operations)).toEqual(['deployment.delete_by_name']);
    expect(replaced).not.toHaveProperty('others');
    expect(namesOf(command('show invoices --instance_label x').operations)).toContain('contract.fetch');
    expect(namesOf(command('show invoices-v1 -c').operations)).toEqual(['charge.list']);
  });

  it('fills a parameter in another form where it means the same', () => {
    expect(command('cloud copy --instance 5').others?.map(({ parameters }) => parameters)).toEqual([
      { id: '5' },
      {},
    ]);
    expect(command('cloud copy --instance 5 --schedule DAILY').parameters).toEqual({ id: '5' });
  });

  it('names the given parameters that mean nothing for the command', () => {
    expect(command('self-test machine', { id: 5, machine_id: 7 })).toMatchObject({
      parameters: {},
      unused: ['id'],
    });
    expect(command('reboot instance', { key: 'x', price: 3 }).unused).toBeUndefined();
    expect(command('reboot instance', { price: 3 }).parameters).toEqual({ price: 3 });
  });

  it.each([
    ['reboot instance', 1227, 'allow'],
    ['reboot instance', 1228, 'deny'],
    ['destroy instance', 1227, 'allow'],
    ['destroy instance', 1228, 'deny'],
    ['show instance', 1227, 'allow'],
  ] as const)("decides %s %i by the documentation's key for one instance: %s", (name, id, verdict) => {
    const only = { constraints: { id: { eq: 1227 } } };
    const document = {
      api: {
        instance_read: { 'api.instance.show': only },
        instance_write: { 'api.instance.destroy': only, 'api.instance.reboot': only },
      },
    };
    for (const action of [command(name, { id }), command(`vastai ${name} ${id}`)])
      expect(combineDecisions(decideAction(document, action)).verdict).toBe(verdict);
  });
});

describe('similarAction', () => {
  it('finds the name closest to a misspelled one, if it is close enough', () => {
    expect(similarAction('operation', 'instance.destory')).toBe('instance.destroy');
    expect(similarAction('command', 'destroy instanc')).toBe('destroy instance');
    expect(similarAction('command', 'vastai destory instance 5 --yes')).toBe('destroy instance');
    expect(similarAction('command', 'exceute 5 "ls"')).toBe('execute');
    expect(similarAction('command', 'make me a sandwich')).toBeUndefined();
    expect(similarAction('command', 'list things')).toBeUndefined();
  });
});
