import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { type Action, type ActionKind, type Parameters, readAction } from '../decision/action.js';
import { decideOperation } from '../decision/decide.js';
import { suggest } from './suggest.js';

const action = (kind: ActionKind, text: string, parameters?: Parameters) =>
  readAction(kind, text, parameters) as Action;
const operationsNamed = (...names: string[]) =>
  OPERATIONS.filter(({ operation }) => names.includes(operation));

describe('suggest', () => {
  it('narrows to endpoints and ids if the endpoint names are published', () => {
    const actions = [
      action('request', 'DELETE /api/v0/instances/5/'),
      action('request', 'get /api/v0/instances/5'),
    ];
    expect(suggest(actions)).toEqual({
      document: {
        api: {
          instance_read: { 'api.instance.show': { constraints: { id: { eq: 5 } } } },
          instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
        },
      },
      notes: [],
      uncovered: [],
    });
  });

  it('uses a range for several ids, and notes if it includes others', () => {
    const requests = (...ids: number[]) => ids.map((id) => action('request', `GET /api/v0/instances/${id}/`));
    const range = (gte: number, lte: number) => ({
      api: { instance_read: { 'api.instance.show': { constraints: { id: { gte, lte } } } } },
    });
    expect(suggest(requests(5, 7, 6))).toMatchObject({ document: range(5, 7), notes: [] });
    const wider = suggest(requests(5, 9));
    expect(wider.document).toEqual(range(5, 9));
    expect(wider.notes).toHaveLength(1);
  });

  it('does not narrow if an id is missing or the values form no range', () => {
    const actions = [action('request', 'GET /api/v0/instances/5/'), action('operation', 'instance.show')];
    expect(suggest(actions).document).toEqual({ api: { instance_read: { 'api.instance.show': {} } } });
    expect(suggest(actions).notes).toHaveLength(1);
    const named = [
      action('request', 'GET /api/v0/instances/a/'),
      action('request', 'GET /api/v0/instances/b/'),
    ];
    expect(suggest(named).document).toEqual({ api: { instance_read: { 'api.instance.show': {} } } });
  });

  it('grants the whole category if an endpoint name is not published, and says why', () => {
    const { document, notes } = suggest([
      action('command', 'show instances'),
      action('command', 'show instance', { id: 5 }),
    ]);
    expect(document).toEqual({ api: { instance_read: {} } });
    expect(notes).toEqual([
      expect.stringMatching(/^The document also allows .+ that you did not ask for/),
      expect.stringMatching(
        /^instance_read cannot be narrowed: the endpoint names of .*instance\.list.* are not published\. So "id" is not enforced\. In instance_read, a document can name only api\.instance\.request_logs and api\.instance\.show\.$/,
      ),
    ]);
  });

  it('says what helps where no document does', () => {
    const { notes } = suggest([action('operation', 'instance.manage', { id: 5 })]);
    expect(notes.slice(1)).toEqual([
      'instance_write cannot be narrowed: the endpoint name of instance.manage is not published. So "id" is not enforced. In instance_write, a document can name only api.instance.destroy and api.instance.reboot.',
      expect.stringMatching(
        /^instance_write also opens what can change who has access \(.+\), spend money \(.+\), and destroy things \(.+ and \d+ more\)\.$/,
      ),
      'A document cannot limit how much money a key spends. To do that, keep the balance of the account low.',
    ]);
    expect(suggest([action('operation', 'charge.list')]).notes.join()).not.toContain('balance');
  });

  it('names the operations to limit a program to, if a category cannot be narrowed', () => {
    const mixed = ['instance.reboot', 'user.show', 'user.ipaddrs'].map((name) => action('operation', name));
    const { only, notes } = suggest([...mixed, ...mixed]);
    expect(only).toEqual(['instance.reboot', 'user.ipaddrs', 'user.show']);
    expect(notes).toContain(
      'user_read also opens what can change who has access (account.delete, account.update_current), read secrets (env_var.list) and destroy things (account.delete).',
    );
    expect(suggest(mixed.slice(0, 1))).not.toHaveProperty('only');
    const logs = { name: 'serverless.endpoint_logs', operations: [], parameters: {} };
    const other = { name: 'serverless.nothing', operations: [], parameters: {} };
    expect(suggest([...mixed.slice(0, 1), logs, other, logs])).toMatchObject({
      only: ['instance.reboot', 'serverless.endpoint_logs'],
      uncovered: ['serverless.endpoint_logs', 'serverless.nothing'],
    });
  });

  it('allows every id if no constraint surely allows those that were named', () => {
    for (const id of ['05', '9007199254740993', '5*', '1.5']) {
      const { document, uncovered, notes } = suggest([action('operation', 'instance.show', { id })]);
      expect(document).toEqual({ api: { instance_read: { 'api.instance.show': {} } } });
      expect(uncovered).toEqual([]);
      expect(notes).toEqual([
        'api.instance.show is allowed for every "id": some actions do not name one, or no constraint covers the ones that they name.',
      ]);
    }
  });

  it('says first what else the key can do, by its capabilities', () => {
    const noteFor = (operation: string) => suggest([action('operation', operation)]).notes[0];
    expect(noteFor('ssh_key.create')).toMatch(
      /^The key can also create API keys, change who has access.*: the document allows \d+ operations that you did not ask for\.$/,
    );
    expect(noteFor('instance.manage')).toMatch(/ spend money and destroy things: /);
    expect(noteFor('charge.list')).toMatch(/^The document also allows .+; none of them is risky\.$/);
    expect(suggest([action('operation', 'instance.destroy', { id: 5 })]).notes).toEqual([]);
  });

  it('says so if and only if the document allows an operation that was not asked for', () => {
    const all = OPERATIONS.filter(({ category }) => category !== 'unknown').map(({ operation }) => operation);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 4 }), (names) => {
        const { document, notes } = suggest(names.map((name) => action('operation', name)));
        const isExtra = all.some(
          (name) => !names.includes(name) && decideOperation(document, name).verdict === 'allow',
        );
        expect(/^The (key can|document) also /u.test(notes[0] ?? '')).toBe(isExtra);
      }),
      { numRuns: 300, seed: 14 },
    );
  });

  it('does not grant what a command calls only in other forms, and says so', () => {
    const reboot = action('operation', 'instance.reboot', { id: 5 });
    const schedule = {
      when: 'with --schedule',
      instead: false,
      operations: operationsNamed('scheduled_job.create'),
    };
    const bulk = { when: 'for several', instead: true, operations: operationsNamed('instance.manage') };
    const covered = { when: 'again', instead: false, operations: reboot.operations };
    const others = [schedule, bulk, covered].map((form) => ({ ...form, parameters: { id: 5 } }));
    expect(suggest([{ ...reboot, name: 'reboot instance', others }])).toEqual({
      document: { api: { instance_write: { 'api.instance.reboot': { constraints: { id: { eq: 5 } } } } } },
      notes: [
        'Not included: with --schedule, "reboot instance" also calls scheduled_job.create.',
        'Not included: for several, "reboot instance" calls instance.manage instead.',
      ],
      uncovered: [],
    });
    const typed = suggest([action('command', 'vastai reboot instance 5')]);
    expect(typed.document.api).toEqual({
      instance_write: { 'api.instance.reboot': { constraints: { id: { eq: 5 } } } },
    });
    expect(typed.notes[0]).toMatch(/^Not included: with --schedule, "reboot instance 5" also calls /);
    const scheduled = suggest([action('command', 'reboot instance 5 --schedule DAILY')]);
    expect(scheduled.document).toEqual({ api: { instance_write: {} } });
  });

  it('takes as long for many calls as reading them does', () => {
    const started = performance.now();
    const calls = Array.from({ length: 130_000 }, (_, id) => action('operation', 'instance.destroy', { id }));
    const unknown = Array.from({ length: 130_000 }, (_, n) => ({
      name: `GET /x/${n}`,
      operations: [],
      parameters: {},
    }));
    const { document, notes, uncovered } = suggest([...calls, ...unknown]);
    expect(notes).toContain('Not covered: 129995 more.');
    expect(document.api.instance_write).toEqual({
      'api.instance.destroy': { constraints: { id: { gte: 0, lte: 129_999 } } },
    });
    expect(uncovered).toHaveLength(130_000);
    expect(notes).toHaveLength(6);
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 60_000);

  it('says what it cannot cover', () => {
    const { document, uncovered, notes } = suggest([
      action('request', 'GET /api/v0/nothing/'),
      action('request', 'GET /api/v0/notification-types/'),
      { name: 'fly to the moon', operations: [], parameters: {} },
    ]);
    expect(document).toEqual({ api: {} });
    expect(uncovered).toEqual(['GET /api/v0/nothing/', 'GET /api/v0/notification-types/', 'fly to the moon']);
    expect(notes).toEqual([
      'Not covered: "GET /api/v0/nothing/". It is not in the catalogue.',
      expect.stringMatching(
        /^Not covered: "GET \/api\/v0\/notification-types\/"\. The category of .+ is unknown\.$/,
      ),
      'Not covered: "fly to the moon". It is not in the catalogue.',
      expect.stringContaining('empty "api"'),
    ]);
  });
});
