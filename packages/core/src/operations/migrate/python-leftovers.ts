import { readPrivateFile } from '../../files/private-file.js';
import type { Step } from './step.js';

/** Reports files of Vast.ai's Python CLI that vastai does not use, and does not change them. */
export const pythonLeftovers: Step = {
  id: 'python-leftovers',

  async plan({ paths }) {
    const path = paths.twoFactorFile;
    if ((await readPrivateFile(path).catch(() => ({}))) === undefined) return [];
    const note =
      'A two-factor session of the Python CLI, which vastai never sends: log in here if the account needs one. Remove it if the Python CLI is gone.';
    return [{ step: 'python-leftovers', action: 'report', from: path, to: '', note }];
  },

  // It plans only reports.
  async apply() {},
  async verify() {},
};
