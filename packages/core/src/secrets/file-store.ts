import { dirname } from 'node:path';
import type { ApiKey } from '../base/api-key.js';
import type { Paths } from '../config/paths.js';
import { keepPrivateFile } from '../files/kept-file.js';
import { removeLeftovers } from '../files/leftovers.js';
import { removePrivateFile, writePrivateFile } from '../files/private-file.js';
import {
  closeFolders,
  ensurePrivateFolder,
  probePrivateFile,
  refuseLinkedFolders,
} from '../files/private-folder.js';
import { readKeyFile } from './key-text.js';
import type { KeyStore } from './store.js';

/**
 * Returns the store of key files in the configuration folder, where Vast.ai's own tools read them: 0600 in a 0700 folder.
 *
 * @param locate returns the file of a profile; by default, its key file
 */
export function fileStore(paths: Paths, locate = (profile: string) => paths.keyFile(profile)): KeyStore {
  return {
    kind: 'file',
    locate,
    read: (profile) => readKeyFile(locate(profile)),
    probe: (profile) => probePrivateFile(paths.configFolder, locate(profile)),
    async keep(profile) {
      const file = await keepPrivateFile(locate(profile));
      return { ...file, lookup: await readKeyFile(locate(profile)) };
    },
    async write(profile, key: ApiKey) {
      const path = locate(profile);
      await ensurePrivateFolder(paths.configFolder, dirname(path));
      await closeFolders(paths.configFolder, dirname(path));
      await removeLeftovers(path);
      await writePrivateFile(path, key.reveal());
    },
    async remove(profile) {
      const path = locate(profile);
      // The target of a linked folder does not belong to vastai.
      await refuseLinkedFolders(paths.configFolder, dirname(path));
      return removePrivateFile(path);
    },
  };
}
