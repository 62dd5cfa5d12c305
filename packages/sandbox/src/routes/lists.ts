import type { Handler, Handlers } from '../call.js';

/** Names the list in the response of each of these operations, as the API's documentation shows it. */
const LISTS: Readonly<Record<string, string>> = {
  'instance.list': 'instances',
  'instance.list_lite': 'instances',
  'machine.list': 'machines',
  'machine.list_v1': 'machines',
  'offer.search': 'offers',
  'offer.search_get': 'offers',
  'offer.search_asks': 'offers',
  'offer.search_asks_get': 'offers',
  'template.search': 'templates',
  'template.search_v1': 'templates',
  'volume.list': 'volumes',
};

/** Handles lists of what nobody has here. Each is empty, and the only page. */
export const emptyLists: Handlers = Object.fromEntries(
  Object.entries(LISTS).map(([operation, list]): [string, Handler] => [
    operation,
    () => Response.json({ success: true, [list]: [], next_token: null }),
  ]),
);
