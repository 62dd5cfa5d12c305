import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';

describe.skipIf(!canOpenTerminal()).concurrent('vastai api on a terminal', () => {
  it.for([40, 80])(
    'of %i columns leaves the body of an error as it came',
    async (columns, { harness, expect }) => {
      const { onTerminal, saveKey } = harness;
      await saveKey();
      const env = { NO_COLOR: '1' };
      const { screen, status } = await onTerminal(['api', 'no/such/route', '-i'], { columns, env }).ended;
      expect(status).toBe(6);
      const [body] = screen.split('\r\n').filter((text) => text.startsWith('{'));
      expect(JSON.parse(body ?? '')).toMatchObject({ success: false, msg: 'No such endpoint.' });
    },
  );
});
