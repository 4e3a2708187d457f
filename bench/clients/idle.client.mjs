// Holds streams open until its parent tells it to end. Its one argument is JSON: { url, bodies, count, sources }.
import process from 'node:process';
import { openRawReaders } from './raw-readers.mjs';

const { url, bodies, count, sources } = JSON.parse(process.argv[2]);
const share = (index) =>
  Math.floor(((index + 1) * count) / bodies.length) - Math.floor((index * count) / bodies.length);
const readers = [];
for (const [index, body] of bodies.entries()) {
  const found = await openRawReaders({ url, body, count: share(index), sources, close: false, atOnce: 20 });
  readers.push(...found);
}
process.send({ open: readers.length });
process.on('message', () => {
  const alive = readers.filter(({ socket }) => socket.readable).length;
  for (const { socket } of readers) socket.destroy();
  process.send({ alive });
});
process.on('disconnect', () => process.exit(0));
