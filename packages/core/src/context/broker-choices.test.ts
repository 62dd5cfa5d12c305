import { describe, expect, it } from 'vitest';
import { refuseChoices } from './broker-choices.js';

const INSIDE = { VASTAI_BROKER: '1' };

describe('a program behind a broker', () => {
  it.each([
    ['--api-key', { apiKey: 'some-key' }],
    ['--profile', { profile: 'work' }],
    ['--url', { url: 'https://staging.example' }],
    ['--api-key', { url: '', profile: '', apiKey: '' }],
  ])('cannot use %s', (flag, choices) => {
    expect(() => refuseChoices(INSIDE, choices)).toThrow(
      `${flag} is not available here: vastai exec --broker chose the key and the API.`,
    );
    expect(refuseChoices({}, choices)).toBeUndefined();
  });

  it('can leave the choice to the broker', () => {
    expect(refuseChoices(INSIDE, { apiKey: undefined, profile: undefined, url: undefined })).toBeUndefined();
  });
});
