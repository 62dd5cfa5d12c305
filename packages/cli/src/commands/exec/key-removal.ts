import type { Client } from '@vastai-cli/core/internal/http/client';
import type { KeyLeft } from '@vastai-cli/core/internal/operations/ephemeral/delete';
import { endKeyOfRun } from '@vastai-cli/core/internal/operations/ephemeral/make';
import type { EphemeralEntry } from '@vastai-cli/core/internal/operations/ledger/entries';
import type { LedgerPlace } from '@vastai-cli/core/internal/operations/ledger/ledger';
import type { Output } from '@vastai-cli/kit/render/output';

/** Deletes the key of a run once, and says what is at stake when a signal arrives in between. */
export class KeyRemoval {
  readonly #place: LedgerPlace;
  readonly #client: Client;
  readonly #output: Output;
  #entry: EphemeralEntry | undefined;
  #deletion: Promise<KeyLeft | undefined> | undefined;

  /** @param client sends the key that made the other one */
  constructor(place: LedgerPlace, client: Client, output: Output) {
    this.#place = place;
    this.#client = client;
    this.#output = output;
  }

  /** Takes the entry of the key, before it is requested and when its id is known. */
  begin(entry: EphemeralEntry): void {
    this.#entry = entry;
  }

  /**
   * Deletes the key, which has an id by now. Call it as often as you like.
   *
   * @returns what is left: the key, with the error that kept it
   */
  remove(made: EphemeralEntry): Promise<KeyLeft | undefined> {
    if (this.#deletion !== undefined) return this.#deletion;
    this.#deletion = endKeyOfRun(this.#place, this.#client, made);
    const done = () => {
      this.#entry = undefined;
    };
    // The caller may wait for it later. Until then, an error in it must not end this process.
    this.#deletion.then(done, done);
    return this.#deletion;
  }

  /** Says what becomes of the key, if it exists. While it is requested, the client says what may exist. */
  readonly notice = (): void => {
    const id = this.#entry?.id;
    if (id === undefined) return;
    const what = this.#deletion === undefined ? 'Deleting' : 'Still deleting';
    const command = this.#client.command(`delete api-key ${id}`);
    this.#output.warn(
      `Interrupted. ${what} API key ${id} of this run. If this fails, the next exec, doctor or prune deletes it. To delete it yourself: ${command}`,
    );
  };
}
