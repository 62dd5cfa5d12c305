import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { findPackage } from './find-package.js';

const home = useHome();

describe('findPackage', () => {
  it('finds the nearest package of that name in the folder or above it', () => {
    home.put(home.at('node_modules', '@a', 'b', 'package.json'), '{}');
    home.put(home.at('x', 'node_modules', 'c', 'package.json'), '{}');
    home.put(home.at('x', 'y', 'node_modules', 'c', 'no-package'), '');
    expect(findPackage('@a/b', home.at('x', 'y'))).toBe(home.at('node_modules', '@a', 'b'));
    expect(findPackage('c', home.at('x', 'y'))).toBe(home.at('x', 'node_modules', 'c'));
    expect(findPackage('c', home.path)).toBeUndefined();
  });
});
