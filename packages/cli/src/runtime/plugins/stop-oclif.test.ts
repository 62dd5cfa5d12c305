import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { stoppingOclif } from './stop-oclif.js';

const thrownBy = (error: Error) => stoppingOclif(() => Promise.reject(error)).catch((thrown) => thrown);

describe('stoppingOclif', () => {
  it('gives an error the exit status of its code', async () => {
    expect(await thrownBy(new UsageError('No.'))).toMatchObject({ code: 'usage', oclif: { exit: 2 } });
  });

  it('does not let oclif go on because a module is missing', async () => {
    const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    const thrown = await thrownBy(missing);
    expect(thrown).toMatchObject({ code: 'internal', message: 'Cannot find module', oclif: { exit: 1 } });
  });
});
