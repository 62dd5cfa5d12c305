import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { capabilitiesOf } from '../decision/capabilities.js';
import { CAPABILITIES, type Capability } from '../decision/capability-names.js';
import { decideOperation } from '../decision/decide.js';
import { documentOfPreset, PRESETS, presetNamed } from './presets.js';

/** The words by which the texts of presets say that a key can do something. */
const WORDS: Readonly<Record<Capability, RegExp>> = {
  'mint-keys': /\bcreate (?:API )?keys\b/u,
  'change-access': /\bwho can log in\b|\btransfer machines\b/u,
  'read-secrets': /\bsecrets\b/u,
  'spend-money': /\bspend money\b/u,
  destroy: /\bdestroy(?:ing|s)?\b|\bremove machines\b/u,
};

/** Sentences that say what a key cannot do, or why a preset is as it is. */
const DENIES = /\bno access\b|\bnot included\b/u;

const READY = PRESETS.map((preset) => ({ ...preset, document: documentOfPreset(preset, 5) ?? { api: {} } }));

describe.each(READY)('the preset $name', ({ name, purpose, notes, document }) => {
  it('says everything that a reviewer must know, and nothing that its key cannot do', () => {
    const granted = capabilitiesOf(document).filter(({ can }) => can.length > 0);
    const said = [purpose, ...notes].filter((sentence) => !DENIES.test(sentence)).join(' ');
    expect(CAPABILITIES.filter((capability) => WORDS[capability].test(said))).toEqual(
      granted.map(({ capability }) => capability),
    );
  });

  it('keeps what it says it has no access to', () => {
    const denied = [purpose, ...notes].filter((sentence) => DENIES.test(sentence)).join(' ');
    const has = capabilitiesOf(document).flatMap(({ capability, can }) =>
      can.length > 0 ? [capability] : [],
    );
    if (denied.includes('secrets')) expect(has).not.toContain('read-secrets');
    if (denied.includes('keys')) expect(has).not.toContain('mint-keys');
    if (denied.includes('account')) {
      expect(Object.keys(document.api).filter((category) => category.startsWith('user_'))).toEqual([]);
    }
  });

  it('lets a key manage neither keys, the account nor the team', () => {
    const managed = OPERATIONS.filter(({ operation }) =>
      /^(?:apikey|account|user|subaccount|session|tfa|team|team_role|ssh_key|env_var)\./u.test(operation),
    );
    expect(
      managed.filter(({ operation }) => decideOperation(document, operation).verdict !== 'deny'),
    ).toEqual([]);
  });

  it('has only categories, in their order, and is found by its name', () => {
    const categories = Object.keys(document.api);
    expect(categories).toEqual(CATEGORIES.filter((category) => categories.includes(category)));
    const found = presetNamed(name);
    expect(found && documentOfPreset(found, 5)).toEqual(document);
    for (const sentence of [purpose, ...notes]) expect(sentence).toMatch(/^[A-Z_a-z].*[^.]\.$/u);
  });
});

describe('documentOfPreset', () => {
  it('needs the id of an instance only for a preset about one', () => {
    const needing = PRESETS.filter((preset) => documentOfPreset(preset) === undefined);
    expect(needing.map(({ name }) => name)).toEqual(['self-destruct']);
  });
});

describe('presetNamed', () => {
  it('finds nothing for another name', () => {
    expect(presetNamed('everything')).toBeUndefined();
  });
});
