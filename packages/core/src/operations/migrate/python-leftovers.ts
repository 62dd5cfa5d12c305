import { readPrivateFile } from '../../files/private-file.js';
import type { Step } from './step.js';

/** What Vast.ai's Python CLI leaves in the same folder, and this program has no use for: told of, left alone. */
export const pythonLeftovers: Step = {
  id: 'python-leftovers',

  async plan({ paths }) {
    const path = paths.twoFactorFile;
    if ((await readPrivateFile(path).catch(() => ({}))) === undefined) return [];
    const note =
      'A two-factor session of the Python CLI. It is not used here; remove it if the Python CLI is gone.';
    return [{ step: 'python-leftovers', action: 'report', from: path, to: '', note }];
  },

  // Only reports are planned.
  async apply() {},
  async verify() {},
};
