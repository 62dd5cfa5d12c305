import { resolve } from 'node:path';
import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { BackupCodes } from '@vastai-cli/core/internal/api/two-factor-request';
import { isVastaiError, UsageError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import {
  removePrivateFile,
  writeNewPrivateFile,
  writePrivateFile,
} from '@vastai-cli/core/internal/files/private-file';
import { line, note, type Part, type Remark, type Result, warning } from '@vastai-cli/kit/result';

/** Warns from this number of backup codes down. */
export const FEW_CODES = 3;

/** The document of commands that get backup codes. */
export interface CodesDocument {
  /** The backup codes, shown only this once; null if none came, or if they are in a file. */
  readonly backup_codes: readonly string[] | null;
  /** The file that they are in. */
  readonly file?: string;
}

/** A new file for backup codes, reserved before the API makes them. */
export interface CodesFile {
  readonly path: string;
  write(codes: readonly string[]): Promise<void>;
  discard(): Promise<void>;
}

/** Creates the file that backup codes are to go to. @throws UsageError if it exists, or cannot be created */
async function reserveCodesFile(path: string | undefined): Promise<CodesFile | undefined> {
  if (path === undefined) return undefined;
  if (path === '') throw new UsageError('The name of the file is empty.');
  const whole = resolve(path);
  await writeNewPrivateFile(whole, new Uint8Array()).catch((error: unknown) => {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      isThere
        ? `${path} already exists. It was not changed.`
        : explainFileError('write', path, error).message,
      'Choose a new file with --codes-file.',
    );
  });
  return {
    path: whole,
    write: (codes) => writePrivateFile(whole, `${codes.join('\n')}\n`),
    discard: async () => void (await removePrivateFile(whole)),
  };
}

/**
 * Reserves the file for backup codes, if there is to be one, and does the work that gets them. Begin with this, so that a file
 * that exists costs no code. The file is gone again unless codes are in it.
 *
 * @throws UsageError what `reserveCodesFile` throws
 */
export async function withCodesFile<T>(
  path: string | undefined,
  work: (file: CodesFile | undefined) => Promise<T>,
): Promise<T> {
  const file = await reserveCodesFile(path);
  try {
    return await work(file);
  } catch (error) {
    await file?.discard();
    throw error;
  }
}

/** Gets backup codes and returns the result that prints them, or says that they are in the file. */
export async function codesResult(
  file: CodesFile | undefined,
  { human = [], remarks = [], more = {} }: { human?: Part[]; remarks?: Remark[]; more?: object },
  work: () => Promise<ApiResponse<BackupCodes>>,
): Promise<Result> {
  const got = await work();
  const { backup_codes: codes } = got.value;
  if (codes === null) {
    await file?.discard();
    return { document: { ...more, backup_codes: null }, raw: got.raw, human, remarks };
  }
  const problem = await file?.write(codes).catch((error: unknown) => error);
  if (file !== undefined && problem === undefined) {
    const text = `The ${codes.length} backup codes are in ${file.path}. Each works once; older ones no longer work.`;
    return {
      document: { ...more, backup_codes: null, file: file.path },
      human,
      remarks: [...remarks, note(text)],
    };
  }
  await file?.discard().catch(() => {});
  return {
    document: { ...more, backup_codes: codes },
    raw: got.raw,
    human: [...human, ...codes.map((code) => line(code))],
    remarks: [
      ...remarks,
      ...(isVastaiError(problem) ? [warning(problem.message)] : []),
      note(
        'Keep these backup codes in a safe place. Each works once, they are not shown again, and older ones no longer work.',
      ),
    ],
    delivery: {
      lost: async (error) =>
        withDetails(error, {
          message: error.message.replace('The new key', 'The backup codes'),
          advice: [{ do: 'tfa', step: 'regen-codes' }],
        }),
    },
  };
}
