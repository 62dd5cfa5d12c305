// Tells errors apart by their code.
import {
  acquireKey,
  createClient,
  currentUser,
  isVastaiError,
  openContext,
  VastaiError,
} from '@vastai-cli/core';

try {
  const context = await openContext();
  const { value: user } = await currentUser(createClient(context, await acquireKey(context)));
  if (user.email === undefined) throw new VastaiError('not_found', 'The account has no email address.');
  console.log(user.email);
} catch (error) {
  if (!isVastaiError(error)) throw error;
  console.log(error.code, error.message);
}
