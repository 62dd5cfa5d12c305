import { describe, expect, it } from 'vitest';
import { isMarked, markedName } from './mark.js';

const named = (name: string | null, taken: readonly string[] = []) =>
  markedName({ id: 42, name }, new Set(taken));

describe('the name of a rotated key', () => {
  it.each([
    ['laptop', /^laptop ~[a-z0-9]{4}$/u],
    ['laptop ~k3f9', /^laptop ~(?!k3f9)[a-z0-9]{4}$/u],
    ['a ~b ~c3f9', /^a ~b ~[a-z0-9]{4}$/u],
    ['laptop~k3f9', /^laptop~k3f9 ~[a-z0-9]{4}$/u],
    ['laptop ~K3F9', /^laptop ~K3F9 ~[a-z0-9]{4}$/u],
    [null, /^key 42 ~[a-z0-9]{4}$/u],
    ['', /^key 42 ~[a-z0-9]{4}$/u],
    [' ~k3f9', /^key 42 ~[a-z0-9]{4}$/u],
  ])('is that of the old one with another mark: %j', (name, expected) => {
    const marked = named(name, ['laptop ~k3f9']);
    expect(marked).toMatch(expected);
    expect(isMarked(marked)).toBe(true);
    expect(named(marked)).toMatch(expected);
  });

  it('has no half characters, which could not be sent as they are', () => {
    expect(named(`${'x'.repeat(199)}😀 tail`)).toMatch(/^x{199} ~[a-z0-9]{4}$/u);
    expect(named('a\ud83db')).toMatch(/^ab ~[a-z0-9]{4}$/u);
    expect(named('\udc00')).toMatch(/^key 42 ~/u);
    expect(named('😀')).toMatch(/^😀 ~/u);
  });

  it('is not endless', () => {
    expect(named('x'.repeat(5000))).toHaveLength(206);
  });

  it('is one that no key has', () => {
    const all = new Set<string>();
    for (let made = 0; made < 2000; made += 1) {
      const name = named('laptop', [...all]);
      expect(all.has(name)).toBe(false);
      all.add(name);
    }
  });
});
