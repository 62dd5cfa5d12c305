import { option, string } from '@oclif/core/flags';

/** The kinds of codes, as the API names them. */
export const KINDS = ['totp', 'sms', 'email'] as const;

const codeFlag = string({
  char: 'c',
  helpValue: 'CODE',
  description: 'The code from the app, SMS or email; "-" reads standard input. [default: ask for it]',
});

export const secretFlag = string({
  char: 's',
  helpValue: 'SECRET',
  description: 'The secret printed when the code was sent; "-" reads standard input.',
});

const backupCodeFlag = string({
  aliases: ['backup_code'],
  helpValue: 'CODE',
  description: 'A backup code instead of a code; "-" reads standard input. Also -bc.',
});

const methodFlag = (what: string) =>
  option({
    options: KINDS,
    char: 't',
    aliases: ['method-type', 'method_type'],
    helpValue: 'METHOD',
    description: `${what}.`,
    exclusive: ['method-id'],
  })();

export const methodIdFlag = string({
  aliases: ['method_id'],
  helpValue: 'ID',
  description: 'The ID of the method to use, if you have several of the same kind.',
});

export const phoneNumberFlag = (what: string, char?: 'p') =>
  string({
    aliases: ['phone_number'],
    helpValue: 'NUMBER',
    description: `${what}, such as +12025550100.`,
    ...(char === undefined ? {} : { char }),
  });

export const labelFlag = string({
  char: 'l',
  helpValue: 'LABEL',
  description: 'A name for the method, at most 30 characters.',
});

export const codesFileFlag = string({
  aliases: ['codes_file'],
  helpValue: 'FILE',
  description: 'Write backup codes to this new file, which only you can read, instead of standard output.',
});

/** The flags that prove who you are. */
export const proofFlags = {
  method: methodFlag('The method to use'),
  'method-id': methodIdFlag,
  code: codeFlag,
  secret: secretFlag,
  'backup-code': backupCodeFlag,
};

/** The parsed values of those flags. */
export interface ProofFlags {
  readonly method?: (typeof KINDS)[number] | undefined;
  readonly 'method-id'?: string | undefined;
  readonly code?: string | undefined;
  readonly secret?: string | undefined;
  readonly 'backup-code'?: string | undefined;
}
