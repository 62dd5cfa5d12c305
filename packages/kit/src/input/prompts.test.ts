import { describe, expect, it } from 'vitest';
import { UNSTYLED } from '../render/styles.js';
import type { Terminal } from '../render/terminal.js';
import { confirm, requireAnswerable } from './prompts.js';

const style = UNSTYLED;
const terminal = (canAsk: boolean): Terminal => ({
  canAsk,
  obstacle: 'without a terminal',
  stdout: style,
  stderr: style,
  columns: undefined,
});

describe('an action that needs confirmation', () => {
  it('fails if no terminal can ask', async () => {
    const usageError = expect.objectContaining({ code: 'usage', hint: expect.stringContaining('--yes') });
    expect(() => requireAnswerable(false, terminal(false))).toThrow(usageError);
    await expect(confirm('Really?', false, terminal(false))).rejects.toEqual(usageError);
  });

  it('needs no question with --yes, with or without a terminal', async () => {
    for (const canAsk of [true, false]) {
      expect(requireAnswerable(true, terminal(canAsk))).toBeUndefined();
      await expect(confirm('Really?', true, terminal(canAsk))).resolves.toBeUndefined();
    }
  });

  it('can be asked on a terminal', () => {
    expect(requireAnswerable(false, terminal(true))).toBeUndefined();
  });
});
