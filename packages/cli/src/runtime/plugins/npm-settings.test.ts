import { describe, expect, it } from 'vitest';
import { overruleNpmSettings } from './npm-settings.js';

describe('the settings that npm gets', () => {
  it('bound how long it waits for a registry, unless the person chose that', () => {
    const env: NodeJS.ProcessEnv = { npm_config_fetch_retries: '0' };
    overruleNpmSettings(env);
    expect(env).toMatchObject({
      npm_config_fetch_retries: '0',
      npm_config_fetch_retry_mintimeout: '500',
      npm_config_fetch_timeout: '20000',
    });
  });

  it('overrule where and whether it installs, in any spelling', () => {
    const env: NodeJS.ProcessEnv = { NPM_CONFIG_LOCATION: 'global', npm_config_dry_run: 'true' };
    overruleNpmSettings(env);
    expect(env).toMatchObject({ npm_config_location: 'project', npm_config_dry_run: 'false' });
    expect(env).not.toHaveProperty('NPM_CONFIG_LOCATION');
  });
});
