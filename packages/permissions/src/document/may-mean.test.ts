import { describe, expect, it } from 'vitest';
import { mayBePattern, mayMean } from './may-mean.js';

const SHOW = 'api.instance.show';

describe('mayBePattern', () => {
  it.each([
    '*',
    'api.*',
    'api.instance.',
    '.show',
    'api..show',
    'a?',
    '[ab]',
    '(a|b)',
    '^a',
    'a$',
    'a+',
    '{a,b}',
    'a\\d',
    '%',
    'a,b',
    '',
    '!a',
    'GET /x',
    '~a',
  ])('is true for %j', (name) => {
    expect(mayBePattern(name)).toBe(true);
  });

  it.each(['misc', 'instance_read', SHOW, 'api.x-y.z_1', 'API', 'größe', 'a b'])(
    'is false for %j',
    (name) => {
      expect(mayBePattern(name)).toBe(false);
    },
  );
});

describe('mayMean', () => {
  it.each([
    ['*', SHOW],
    ['**', SHOW],
    ['api.*', SHOW],
    ['api.instance.*', SHOW],
    ['api.instance*', SHOW],
    ['api.*.show', SHOW],
    ['*.show', SHOW],
    ['api.instance.sho*', SHOW],
    ['api.instance.showx*', SHOW],
    ['API.*', SHOW],
    ['api.instance.', SHOW],
    ['api.instance', SHOW],
    ['api', SHOW],
    ['api.instance.(show|destroy)', SHOW],
    ['api.instance.{show,destroy}', SHOW],
    ['api.instance.sho?', SHOW],
    ['.*', SHOW],
    ['', SHOW],
    ['API.Instance.Show', SHOW],
    ['api.instance.show ', SHOW],
    ['api_instance_show', SHOW],
    ['ａｐｉ.instance.show', SHOW],
    ['instance_*', 'instance_read'],
    ['*_read', 'instance_read'],
    ['instance_', 'instance_read'],
    ['instance', 'instance_read'],
    ['InstanceRead', 'instance_read'],
    ['a'.repeat(300), SHOW],
  ])('%j may mean %s', (written, name) => {
    expect(mayMean(written, name)).toBe(true);
  });

  it.each([
    [SHOW, SHOW],
    ['api.volume.*', SHOW],
    ['api.*.destroy', SHOW],
    ['api.volume.', SHOW],
    ['api.instance.sh', SHOW],
    ['api.instance.shows', SHOW],
    ['show', SHOW],
    ['instance_*', 'misc'],
    ['*_write', 'instance_read'],
    ['team', 'instance_read'],
    ['inst', 'instance_read'],
    ['template_read', 'team_read'],
  ])('%j cannot mean %s', (written, name) => {
    expect(mayMean(written, name)).toBe(false);
  });
});
