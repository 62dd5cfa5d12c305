import { describe, expect, it } from 'vitest';
import { operationNamed } from './catalogue.js';
import { COMMAND_ROWS, SWITCHES } from './command-data.js';
import { COMMAND_NAMES, callersOf, commandNamed } from './commands.js';

const namesOf = (calls: readonly { operation: string }[]) => calls.map(({ operation }) => operation);

describe('the commands of the official CLI', () => {
  it('are sorted and have at most two words', () => {
    expect(COMMAND_NAMES).toEqual([...COMMAND_NAMES].sort());
    expect(COMMAND_NAMES).toHaveLength(145);
    expect(COMMAND_NAMES.filter((name) => !/^[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)?$/u.test(name))).toEqual([]);
  });

  it.each(COMMAND_NAMES)('call only operations of the catalogue, each in one form: %s', (name) => {
    const row = COMMAND_ROWS[name] ?? '';
    const { calls, forms = [] } = typeof row === 'string' ? { calls: [row] } : row;
    const all = [calls, ...forms.map((form) => form.calls)];
    expect(all.filter((one) => one.length === 0)).toEqual([]);
    expect(new Set(all.flat()).size).toBe(all.flat().length);
    expect(all.flat().filter((operation) => operationNamed(operation) === undefined)).toEqual([]);
  });

  it.each(COMMAND_NAMES)('fill a parameter only where it means the same: %s', (name) => {
    const { calls = [], words = [], flags = new Map(), forms = [] } = commandNamed(name) ?? {};
    const own = [...words, ...flags.values()];
    const everywhere = [calls, ...forms.map((form) => form.calls)].flat();
    for (const parameter of own) {
      expect(everywhere.some(({ parameters }) => parameters.includes(parameter))).toBe(true);
    }
    for (const form of forms) expect(form.fills.filter((parameter) => !own.includes(parameter))).toEqual([]);
    // A form that flags choose is decided together with the plain form, with one set of parameters.
    for (const { flags: chosenBy, instead, fills, calls: further } of forms) {
      if (chosenBy.length === 0 || instead) continue;
      const unmeant = further.flatMap(({ parameters }) => parameters).filter((one) => !fills.includes(one));
      expect(unmeant.filter((parameter) => own.includes(parameter))).toEqual([]);
    }
  });

  it('tell the plain form from the others', () => {
    const reboot = commandNamed('reboot instance');
    expect(namesOf(reboot?.calls ?? [])).toEqual(['instance.reboot']);
    expect(reboot?.words).toEqual(['id']);
    expect(reboot?.forms.map(({ when, calls, fills }) => [when, namesOf(calls), fills])).toEqual([
      ['with --schedule', ['scheduled_job.create'], []],
      ['with --schedule if the job exists', ['scheduled_job.update'], []],
    ]);
    expect(commandNamed('show earnings')?.words).toEqual([]);
    expect(commandNamed('detach ssh')?.words).toEqual(['id', 'key']);
    expect(commandNamed('toString')).toBeUndefined();
  });

  it('are found by the operation they call', () => {
    expect(callersOf('scheduled_job.create')).toEqual(
      ['change bid', 'cloud copy', 'execute', 'reboot instance'].map((command) => ({
        command,
        when: 'with --schedule',
      })),
    );
    expect(callersOf('instance.destroy')).toEqual([
      { command: 'destroy instance' },
      { command: 'destroy instances', when: 'in older versions' },
      { command: 'self-test machine' },
    ]);
    expect(callersOf('account.delete')).toEqual([]);
  });

  it('have switches that look like flags', () => {
    expect(SWITCHES.filter((flag) => !/^--?[a-z]+(?:-[a-z0-9]+)*$/u.test(flag))).toEqual([]);
    expect(new Set(SWITCHES).size).toBe(SWITCHES.length);
  });

  it('have no switch that chooses a form with a value', () => {
    const valued = COMMAND_NAMES.flatMap((name) => [...(commandNamed(name)?.flags.keys() ?? [])]);
    expect(valued.filter((flag) => SWITCHES.includes(flag))).toEqual([]);
  });
});
