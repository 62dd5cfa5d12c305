import { string } from '@oclif/core/flags';
import { BaseCommand } from './base-command.js';

/** The base of a command that works with one profile and its keys. */
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
