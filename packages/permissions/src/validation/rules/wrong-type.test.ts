import { expect, it } from 'vitest';
import { validate } from '../validate.js';

it.each([
  ['{"api": true}', 'List the categories that the key needs: { "instance_read": {} }'],
  ['{"api": false}', 'List the categories that the key needs: { "instance_read": {} }'],
  ['{"api": []}', 'List the categories that the key needs: { "instance_read": {} }'],
  ['{"api": {"misc": true}}', 'To grant all of it, write {}.'],
  ['{"api": {"misc": false}}', 'To grant none of it, remove it.'],
  ['{"api": {"misc": "full"}}', 'To grant everything in it, write {}.'],
])('recommends {} only where it means everything: %s', (text, help) => {
  const found = validate(text, 'f').diagnostics.filter(({ code }) => code === 'VP017');
  expect(found.map((one) => one.help)).toEqual([help]);
});
