import { describe, expect, it } from 'vitest';
import { OPERATIONS } from './catalogue.js';
import { listOperations } from './list-operations.js';
import { isSensitive } from './sensitive.js';

const namesWith = (word: string) => listOperations(word).map(({ operation }) => operation);

describe('listOperations', () => {
  it('lists all of the catalogue without a word', () => {
    expect(namesWith('')).toEqual(OPERATIONS.map(({ operation }) => operation));
    expect(namesWith('  ')).toHaveLength(OPERATIONS.length);
  });

  it.each([
    ['instance.reboot', ['instance.reboot']],
    ['/instances/REBOOT/', ['instance.reboot']],
    ['put /api/v0/instances/reboot', ['instance.reboot']],
    ['agents_read', ['agent.list', 'agent.repositories', 'agent.show', 'agent_task.list', 'agent_task.show']],
    ['reboot instance', ['instance.reboot', 'scheduled_job.create', 'scheduled_job.update']],
    ['api.team.members', ['team.members']],
    ['nothing like it', []],
  ])('finds %j', (word, names) => {
    expect(namesWith(word)).toEqual(names);
  });

  it('says everything that scripts need', () => {
    expect(listOperations('instance.reboot')).toEqual([
      {
        operation: 'instance.reboot',
        method: 'PUT',
        route: '/api/v0/instances/reboot/{id}/',
        category: 'instance_write',
        endpoint: 'api.instance.reboot',
        commands: [{ command: 'reboot instance' }],
        risks: [{ kind: 'write', reason: 'restarts an instance' }],
        sensitive: false,
      },
    ]);
    expect(listOperations('account.delete')).toMatchObject([
      { endpoint: null, commands: [], sensitive: true },
    ]);
  });

  it('can leave out what is not sensitive', () => {
    const all = listOperations('', true);
    expect(all.map(({ operation }) => operation)).toEqual(
      OPERATIONS.filter(isSensitive).map(({ operation }) => operation),
    );
    expect(all.every(({ sensitive }) => sensitive)).toBe(true);
    expect(listOperations('reboot', true)).toEqual([]);
  });
});
