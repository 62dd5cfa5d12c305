import { string } from '@oclif/core/flags';
import { BaseCommand } from './base-command.js';

/** A command that works with one profile and its keys, whether or not it talks to the API. */
export abstract class ProfileCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    profile: string({
      description: 'The profile to use (VAST_PROFILE).',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
    }),
  };
}
