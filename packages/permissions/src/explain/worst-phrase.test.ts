import { describe, expect, it } from 'vitest';
import { documentOfPreset, PRESETS } from '../authoring/presets.js';
import { capabilitiesOf } from '../decision/capabilities.js';
import { worstPhrase } from './worst-phrase.js';

const of = (api: object) => worstPhrase({ api });

describe('worstPhrase', () => {
  it('says what a key can do, the worst first', () => {
    expect(worstPhrase(null)).toBe('everything');
    expect(of({ user_write: {} })).toBe('everything, through new keys or roles');
    expect(of({ billing_write: {} })).toBe('spend money');
    expect(of({ billing_read: {} })).toBe('read');
    expect(of({ instance_read: {} })).toBe('read, schedule maintenance of a machine');
    expect(of({ instance_read: { 'api.instance.show': {} } })).toBe('read');
    expect(of({ instance_read: {}, instance_write: { 'api.instance.reboot': {} } })).toBe('write');
    expect(of({ instance_write: { 'api.instance.reboot': {} } })).toBe('write');
  });

  it('says if every operation is limited by a constraint', () => {
    const limited = { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } };
    expect(of({ instance_write: limited })).toBe('destroy (limited)');
    expect(of({ instance_write: { 'api.instance.destroy': {} } })).toBe('destroy');
    for (const constraints of [
      { id: { gte: 5 } },
      { id: { lte: 2 ** 31 - 1 } },
      { id: { gte: 1, lte: 2 ** 40 } },
      { id: {} },
      // The route has no such parameter.
      { label: { eq: 'x' } },
      { ID: { eq: 5 } },
    ]) {
      const endless = { 'api.instance.destroy': { constraints } };
      expect(of({ instance_write: endless }), JSON.stringify(constraints)).toBe('destroy');
    }
  });

  it('says what is possible, and is not sure of it', () => {
    expect(of({ billing_read: {}, user_write: { 'api.sshkeys.create': {} } })).toBe(
      'read; perhaps everything, through new keys or roles',
    );
    expect(of({ user_write: { 'api.sshkeys.create': {} } })).toBe(
      'nothing for certain; perhaps everything, through new keys or roles',
    );
    expect(worstPhrase({ nonsense: 1 })).toBe(
      'nothing for certain; perhaps everything, through new keys or roles',
    );
  });

  it('is never harmless for a document with a capability', () => {
    for (const preset of PRESETS) {
      const document = documentOfPreset(preset, 5);
      const granted = capabilitiesOf(document);
      if (granted.length > 0) expect(worstPhrase(document)).not.toMatch(/^(?:read|write|nothing)(?:$|,)/u);
    }
  });
});
