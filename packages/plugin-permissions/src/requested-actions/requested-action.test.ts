import { describe, expect, it } from 'vitest';
import { notesOn, requireAction } from './requested-action.js';
import { requireUsed } from './used-parameters.js';

const usage = (message: string, hint?: string) =>
  expect.objectContaining({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

describe('an action', () => {
  it('is a request, a command or an operation', () => {
    expect(requireAction('request', 'DELETE /api/v0/instances/5/').name).toContain('DELETE');
    expect(requireAction('command', 'vastai destroy instance 5').name).toContain('destroy instance');
  });

  it('is rejected if it is not valid', () => {
    expect(() => requireAction('request', 'nowhere')).toThrow(
      usage(
        'A request must be a method and a path or URL.',
        "For example: --request 'DELETE /api/v0/instances/5/'",
      ),
    );
    expect(() => requireAction('command', 'vastai show user; vastai show user')).toThrow(
      usage(
        'A command must be a single command, without ";", "&", "|" or a line break.',
        'To give several commands, repeat --command.',
      ),
    );
    expect(() => requireAction('command', 'vastai destory instance 5')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Did you mean "/u) }),
    );
    expect(() => requireAction('operation', ' frobnicate ')).toThrow(
      usage(
        'Unknown operation "frobnicate".',
        'To list operations and commands: vastai permissions operations WORD',
      ),
    );
  });

  it('gets notes about parts that do not count', () => {
    const action = { name: 'a', operations: [], parameters: {} };
    expect(notesOn(action as never)).toEqual([]);
    expect(notesOn({ ...action, unused: ['x'], origin: 'https://a.example' } as never)).toEqual([
      '"a" does not use "x".',
      'https://a.example is not the API of Vast.ai: a permission document says nothing about requests to it.',
    ]);
  });

  it('must use every parameter given for it', () => {
    const destroy = requireAction('command', 'vastai destroy instance 5', { id: 5 });
    const user = requireAction('command', 'vastai show user');
    expect(requireUsed({}, [destroy])).toBeUndefined();
    expect(requireUsed({ id: 5 }, [user, destroy])).toBeUndefined();
    expect(() => requireUsed({ id: 6 }, [destroy])).toThrow(
      usage(
        '--param "id" is not used: each action has its own.',
        'Leave --param out, or change the request or the command.',
      ),
    );
    expect(() => requireUsed({ size: 6 }, [destroy])).toThrow(
      usage(
        'A document cannot limit "size": it is not a parameter of any given action.',
        'Their parameters are id.',
      ),
    );
    expect(() => requireUsed({ size: 6 }, [user])).toThrow(
      expect.objectContaining({ hint: 'They have no parameters.' }),
    );
    expect(() => requireUsed({ id: ' ' }, [destroy])).toThrow(usage('--param "id" has no value.'));
    for (const value of ['05', '+5', '5.0', '1e1'])
      expect(() => requireUsed({ id: value }, [destroy])).toThrow(
        usage(
          `--param "id" takes a whole number, and the API may not read "${value}" as one.`,
          'Write it without a sign, leading zeros or decimals, at most 9007199254740991.',
        ),
      );
  });
});
